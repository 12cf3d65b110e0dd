// What is typed into the grid is never lost (see keep.js): each row is a part, and the server keeps one row or all of them.
(function () {
  "use strict";

  const FIELDS = /^c\d+-/;
  let grid, keep, keeper;
  let isGoing = false; // the next page may be on its way already, and was made before what is answered from now on

  function start() {
    grid = document.getElementById("entry-grid");
    keep = document.getElementById("grid-keep");
    if (!grid || !keep) return;
    document.addEventListener("htmx:beforeRequest", refuseOther);
    keeper = window.perftrack.keepTyped({
      form: grid,
      name: grid.dataset.grid,
      parts: "tr.entry-row[hx-post]",
      fields: FIELDS,
      sentences: document.getElementById("grid-sentences").dataset,
      lost: "grid-lost",
      told: "grid-told",
      look: "entry-lost",
      before: () => document.getElementById("grid-saved"),
      taken,
      isKept: () => !isGoing,
      isDone,
      send: keepAll,
    });
    grid.addEventListener("entry-filled", keepFilled);
    grid.addEventListener("submit", onSubmit);
    window.addEventListener("beforeunload", warn);
  }

  function rowsWithFields() {
    return Array.from(grid.querySelectorAll("tr.entry-row[hx-post]"));
  }

  function isOurs(target) {
    return target === keep || (grid.contains(target) && target.matches("tr.entry-row"));
  }

  // Beginning or leaving a correction and choosing whose figure to keep answer for their row.
  function isAnswer(target) {
    return grid.contains(target) && target.matches("[name$='-choice'], .entry-begin, .entry-leave");
  }

  function taken(event) {
    if (event.target === keep) return rowsWithFields();
    if (isAnswer(event.target)) return [rowOf(event.target)];
    return isOurs(event.target) ? [event.target] : null;
  }

  function rowOf(button) {
    const words = button.closest("tr.entry-words");
    return words ? words.previousElementSibling : button.closest("tr.entry-row");
  }

  // A file that was chosen beside the figure is not the figure's text.
  function refuseOther(event) {
    const cause = event.detail.requestConfig.triggeringEvent && event.detail.requestConfig.triggeringEvent.target;
    if (isOurs(event.target) && cause && cause.matches("input, select") && !FIELDS.test(cause.name)) event.preventDefault();
  }

  // What a submission took along is done once the figure has another number.
  function isDone(row, copy) {
    const seen = Object.keys(copy.texts).find((name) => name.endsWith("-seen"));
    return Boolean(copy.sent && seen && row.querySelector("td.entry-state").dataset.seen !== copy.texts[seen]);
  }

  function keepAll() {
    keep.dispatchEvent(new CustomEvent("keep"));
  }

  function keepFilled() {
    rowsWithFields().forEach(keeper.copy);
    keepAll();
  }

  function onSubmit(event) {
    if (event.defaultPrevented) return;
    rowsWithFields().concat(keep).forEach((row) => row.dispatchEvent(new Event("htmx:abort")));
    const copies = keeper.read();
    Object.values(copies).forEach((row) => { row.sent = true; });
    keeper.write(copies);
  }

  function warn(event) {
    isGoing = true;
    grid.addEventListener("input", () => { isGoing = false; }, { once: true, capture: true });
    if (!keeper.isLeaving && !keeper.isEmpty()) event.preventDefault();
  }

  document.addEventListener("DOMContentLoaded", start);
})();
