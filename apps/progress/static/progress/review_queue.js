// The box in the head of a table ticks all boxes below it.
(function () {
  "use strict";
  document.addEventListener("change", function (event) {
    if (!event.target.matches(".review-all")) return;
    event.target
      .closest("table")
      .querySelectorAll("input[name=revision]")
      .forEach(function (box) {
        box.checked = event.target.checked;
      });
  });
})();
