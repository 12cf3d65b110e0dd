// Choosing an office shows its cells at once; what was typed for another one is not carried over, and that is asked before.
(function () {
  "use strict";
  const choice = document.querySelector("select[name=chosen]");
  const form = document.getElementById("behalf");
  if (!choice || !form) return;
  const button = document.querySelector("button[name=switch]");
  const shown = choice.value;
  button.hidden = true;
  let isTyped = document.querySelector("[role=alert]") !== null;
  form.addEventListener("input", (event) => {
    if (event.target !== choice) isTyped = true;
  });
  choice.addEventListener("change", () => {
    if (choice.value === shown) return;
    if (!isTyped || window.confirm(choice.dataset.lost)) {
      const address = new URL(window.location.href);
      address.search = new URLSearchParams({ unit: choice.value }).toString();
      window.location.assign(address);
    } else {
      choice.value = shown;
    }
  });
})();
