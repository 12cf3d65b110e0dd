// Ticks: the box in the head of a table ticks all below it, one button ticks what nothing was noticed about, and the
// buttons say how many are ticked.
(function () {
  "use strict";
  function boxes(within, plain) {
    return Array.from(within.querySelectorAll("input[name=revision]" + (plain ? "[data-plain]" : "")));
  }
  function tell(form) {
    const ticked = boxes(form).filter((box) => box.checked).length;
    form.querySelectorAll(".review-count").forEach((place) => {
      place.textContent = ticked ? " (" + ticked + ")" : "";
    });
    form.querySelectorAll("table").forEach((table) => {
      const all = table.querySelector(".review-all");
      if (!all) return;
      const here = boxes(table);
      const of = here.filter((box) => box.checked).length;
      all.checked = of > 0 && of === here.length;
      all.indeterminate = of > 0 && of < here.length;
    });
  }
  document.querySelectorAll(".review-queue").forEach((form) => {
    const plain = form.querySelector(".review-plain");
    if (plain && boxes(form, true).length) {
      plain.hidden = false;
      plain.addEventListener("click", () => {
        boxes(form).forEach((box) => (box.checked = "plain" in box.dataset));
        tell(form);
      });
    }
    form.addEventListener("change", (event) => {
      if (event.target.matches(".review-all")) {
        boxes(event.target.closest("table")).forEach((box) => (box.checked = event.target.checked));
      }
      tell(form);
    });
    tell(form);
  });
  // Opening the reason of one row puts the cursor into it.
  document.addEventListener(
    "toggle",
    (event) => {
      if (!event.target.matches(".review-deeds details[open]")) return;
      event.target.querySelector("textarea").focus({ preventScroll: true });
      event.target.scrollIntoView({ block: "nearest" });
    },
    true,
  );
})();
