// Conveniences of the monitoring form. Every figure and every check comes from the server.
(function () {
  "use strict";

  // "Use the suggestion" types it for the person, as if by hand.
  function fill(event) {
    const button = event.target.closest("button[data-fill]");
    if (!button) return;
    const field = document.getElementById(button.dataset.fill);
    field.value = button.dataset.value;
    field.dispatchEvent(new Event("change", { bubbles: true }));
    field.focus();
  }

  // The server says which fields are wrong; they turn red as soon as the draft has been read.
  function mark(event) {
    const live = event.target.closest ? event.target.closest(".monitoring-live") : null;
    if (live) markFields(live);
  }

  function markFields(live) {
    const wrong = live.dataset.wrong.split(" ").filter(Boolean);
    const part = live.closest("section");
    part.classList.toggle("is-wrong", wrong.length > 0);
    part.querySelectorAll(".form-control").forEach((field) => {
      const name = field.name.slice(field.name.indexOf("-") + 1);
      const isWrong = wrong.includes(name) || (name === "estimate_text" && wrong.includes("estimate"));
      field.classList.toggle("is-invalid", isWrong);
      field.toggleAttribute("aria-invalid", isWrong);
    });
  }

  document.addEventListener("click", fill);
  document.addEventListener("htmx:afterSettle", mark);
  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll(".monitoring-live").forEach(markFields));
})();
