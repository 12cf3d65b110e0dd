"""Mails as bytes, and the ways they leave by."""

from email import message_from_bytes
from email.policy import default as modern

import pytest

from apps.outbox.emails import (
    ClaimLost,
    Deferred,
    FolderTransport,
    Refused,
    SmtpTransport,
    Unanswered,
    configured_transport,
    letter,
)
from apps.outbox.emails.smtp import stuffed
from tests.factories.outbox import MailFactory
from tests.servers.programs import wait_until

SUBJECT = "【perftrack】9月6日 待办 3 项：" + "门禁安装率、信访答复率、纳管率、" * 6


def yes():
    return True


def no():
    return False


@pytest.fixture
def smtp(mail_server):
    return SmtpTransport("127.0.0.1", mail_server.port, timeout=5)


def test_a_letter_says_in_ascii_what_the_row_says_in_chinese():
    mail = MailFactory.build(subject=SUBJECT, html="<p>您有 <b>3</b> 项待填。</p>")
    content = letter(mail)
    message = message_from_bytes(content, policy=modern)
    plain, web = message.iter_parts()
    assert content.isascii()
    assert message["Subject"] == SUBJECT
    assert message["From"].addresses[0].display_name == "绩效跟踪"
    assert message["Date"] == "Tue, 06 Sep 2016 09:30:00 +0800"
    assert message["Message-ID"] == mail.message_id
    assert message["Auto-Submitted"] == "auto-generated"
    assert plain.get_content().splitlines() == mail.text.splitlines()
    assert web.get_content().strip() == mail.html


def test_the_same_row_gives_the_same_bytes_twice():
    mail = MailFactory.build(html="<p>您有 3 项待填。</p>")
    assert letter(mail) == letter(mail)


def test_a_domain_in_chinese_goes_as_punycode():
    assert b"To: clerk@xn--fsqu00a.test" in letter(MailFactory.build(recipient="clerk@例子.test"))


def test_a_mail_arrives_whole_dots_at_line_starts_included(mail_server, smtp):
    mail = MailFactory.build()
    smtp.send(mail, yes)
    assert [message.get_content().splitlines() for message in mail_server.messages] == [mail.text.splitlines()]
    assert mail_server.dots == [mail.message_id]


def test_dots_at_line_starts_are_doubled_and_the_last_line_is_ended():
    assert stuffed(b".\r\n..a\r\nb.") == b"..\r\n...a\r\nb.\r\n"
    assert stuffed(b"a\r\n") == b"a\r\n"


def test_without_leave_the_server_never_sees_the_dot(mail_server, smtp):
    with pytest.raises(ClaimLost):
        smtp.send(MailFactory.build(), no)
    wait_until(lambda: b"Subject" in mail_server.handler.bytes_seen)
    assert mail_server.dots == []


@pytest.mark.parametrize(
    ("where", "answer", "expected"),
    [
        ("recipient_answer", "550 5.1.1 no such mailbox", Refused),
        ("recipient_answer", "451 4.7.1 come back later", Deferred),
        ("dot_answer", "554 5.7.1 we do not like this", Refused),
        ("dot_answer", "452 4.3.1 disk full", Deferred),
    ],
)
def test_a_lasting_no_is_a_refusal_and_any_other_a_delay(mail_server, smtp, where, answer, expected):
    setattr(mail_server.handler, where, answer)
    with pytest.raises(expected, match=answer):
        smtp.send(MailFactory.build(), yes)


def test_nobody_listening_is_a_delay():
    with pytest.raises(Deferred):
        SmtpTransport("127.0.0.1", 1, timeout=1).send(MailFactory.build(), yes)


def test_a_login_that_the_server_does_not_know_is_a_delay_for_the_mail_is_not_to_blame(mail_server):
    with pytest.raises(Deferred):
        SmtpTransport("127.0.0.1", mail_server.port, username="clerk", password="wrong", timeout=5).send(
            MailFactory.build(), yes
        )


def test_encryption_that_the_server_does_not_offer_is_a_delay_and_never_left_out(mail_server):
    with pytest.raises(Deferred):
        SmtpTransport("127.0.0.1", mail_server.port, security="starttls", timeout=5).send(MailFactory.build(), yes)
    with pytest.raises(Deferred):
        SmtpTransport("127.0.0.1", mail_server.port, security="tls", timeout=1).send(MailFactory.build(), yes)
    assert mail_server.dots == []


def test_no_answer_to_the_dot_is_no_knowledge(mail_server):
    mail_server.hold("dot")
    with pytest.raises(Unanswered):
        SmtpTransport("127.0.0.1", mail_server.port, timeout=1).send(MailFactory.build(), yes)
    mail_server.release("dot")


@pytest.mark.parametrize("recipient", ["张三@example.test", "nobody", "", "a b@example.test"])
def test_an_address_that_cannot_be_written_is_refused(smtp, recipient):
    with pytest.raises(Refused):
        smtp.send(MailFactory.build(recipient=recipient), yes)


@pytest.mark.parametrize("sender", [".hidden <p@example.test>", '"广州, 绩效" <p@example.test>', "p@example.test"])
def test_a_sender_with_a_difficult_name_is_written_all_the_same(sender):
    message = message_from_bytes(letter(MailFactory.build(sender=sender)), policy=modern)
    assert message["From"].addresses[0].addr_spec == "p@example.test"


def test_a_folder_receives_one_file_however_often_a_mail_is_sent(tmp_path):
    folder, mail = FolderTransport(tmp_path / "mail"), MailFactory.build()
    folder.send(mail, yes)
    folder.send(mail, yes)
    assert [path.name for path in folder.path.iterdir()] == [mail.message_id.strip("<>") + ".eml"]
    assert (folder.path / "mail-x").parent.stat().st_mode & 0o077 == 0


def test_without_leave_a_folder_receives_nothing(tmp_path):
    with pytest.raises(ClaimLost):
        FolderTransport(tmp_path).send(MailFactory.build(), no)
    assert list(tmp_path.iterdir()) == []


def test_a_message_id_cannot_climb_out_of_the_folder(tmp_path):
    FolderTransport(tmp_path / "mail").send(MailFactory.build(message_id="<../../escape@example.test>"), yes)
    assert [path.name for path in (tmp_path / "mail").iterdir()] == [".._.._escape@example.test.eml"]


def test_a_folder_that_cannot_be_made_is_a_delay(tmp_path):
    (tmp_path / "mail").write_text("a file where the folder should be")
    with pytest.raises(Deferred):
        FolderTransport(tmp_path / "mail").send(MailFactory.build(), yes)


class Folder:
    def __init__(self, path):
        self.path = path


class Server:
    host, port, security, username, password, timeout = "mail.test", 587, "starttls", "clerk", "secret", 7


def test_the_settings_choose_the_way_out(settings, tmp_path):
    settings.OUTBOX_TRANSPORT = Folder(tmp_path)
    assert configured_transport() == FolderTransport(tmp_path)
    settings.OUTBOX_TRANSPORT = Server()
    assert configured_transport() == SmtpTransport("mail.test", 587, "starttls", "clerk", "secret", 7)
