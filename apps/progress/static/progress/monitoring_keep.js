// What is typed into a monitoring is never lost (see keep.js): the money and each indicator are a part.
(function () {
  "use strict";

  const PARTS = "section[hx-post]";
  let keeper;

  function start() {
    const form = document.getElementById("monitoring");
    if (!form || !form.dataset.monitoring) return; // an earlier report is only read
    const name = `monitoring-${form.dataset.monitoring}`;
    const sentences = document.getElementById("monitoring-sentences");
    if (!sentences) {
      window.perftrack.forget(form, name); // submitted, or closed: nothing of it can be typed any more
      return;
    }
    keeper = window.perftrack.keepTyped({
      form,
      name,
      parts: PARTS,
      fields: /^m\w+-/,
      sentences: sentences.dataset,
      lost: "monitoring-lost",
      told: "monitoring-told",
      look: "pt-warn",
      before: () => document.getElementById("monitoring-saved"),
      taken: (event) => (form.contains(event.target) && event.target.matches(PARTS) ? [event.target] : null),
      isKept: (event) => event.detail.serverResponse.includes("data-kept"),
      isDone: () => false,
      send: (ids) => ids.forEach(send),
    });
    form.addEventListener("input", outdate);
    form.addEventListener("change", outdate);
    window.addEventListener("beforeunload", (event) => {
      if (!keeper.isLeaving && keeper.isTold()) event.preventDefault();
    });
  }

  function send(id) {
    const part = document.getElementById(id);
    if (part) part.dispatchEvent(new Event("change", { bubbles: true }));
  }

  // "Saved" was said of what stood there before.
  function outdate(event) {
    const part = event.target.closest(PARTS);
    if (part) part.querySelector(".monitoring-live").classList.add("is-stale");
  }

  document.addEventListener("DOMContentLoaded", start);
})();
