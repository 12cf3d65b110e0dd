"""What the readers of uploaded tables have in common: how names are compared, and what is said of a formula that failed."""

import re
import unicodedata

from django.utils.translation import gettext as _


def squeezed(text: str) -> str:
    """Return a text as names are compared: full-width signs as their ASCII twins, and no white space."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def failed_formula(shown: str) -> str:
    """Return the sentence on a cell whose formula failed; `shown` is what it shows, empty where nothing was calculated."""
    if shown:
        return _("公式出错，显示为“%(shown)s”；请改正公式或直接填写。") % {"shown": shown}
    return _("公式没有计算结果；请用 Excel 打开、保存后再上传，或直接填写。")
