// A file may be dropped onto its field, and a form that comes back with its errors takes the place of the one that was sent.
(function () {
  "use strict";
  document.addEventListener("htmx:beforeSwap", function (event) {
    if (event.detail.xhr.status === 422) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });
  function field(event) {
    const place = event.target.closest && event.target.closest(".import-drop");
    return place ? place.querySelector("input[type=file]") : null;
  }
  ["dragenter", "dragover"].forEach(function (name) {
    document.addEventListener(name, function (event) {
      if (!field(event)) return;
      event.preventDefault();
      event.target.closest(".import-drop").classList.add("is-over");
    });
  });
  document.addEventListener("dragleave", function (event) {
    const place = event.target.closest && event.target.closest(".import-drop");
    if (place && !place.contains(event.relatedTarget)) place.classList.remove("is-over");
  });
  document.addEventListener("drop", function (event) {
    const input = field(event);
    if (!input || !event.dataTransfer.files.length) return;
    event.preventDefault();
    event.target.closest(".import-drop").classList.remove("is-over");
    const one = new DataTransfer();
    one.items.add(event.dataTransfer.files[0]);
    input.files = one.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
  document.addEventListener("keydown", function (event) {
    const form = event.target.closest && event.target.closest(".import-form");
    if (!form) return;
    if (event.key === "Escape") form.querySelector(".import-close").click();
    if (event.key === "Enter" && event.ctrlKey) form.requestSubmit();
  });
})();
