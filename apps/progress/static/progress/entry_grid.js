// Keys and pasting for the grid. It moves and fills texts only: every figure and every check comes from the server.
(function () {
  "use strict";

  function start() {
    const grid = document.getElementById("entry-grid");
    if (!grid) return;
    grid.addEventListener("focusin", remember);
    grid.addEventListener("keydown", onKey);
    grid.addEventListener("paste", onPaste);
  }

  // The cell a mail leads to, else the first that is wrong. Going to the fragment takes the focus away, so this comes after.
  function aim() {
    const row = document.getElementById(window.location.hash.slice(1));
    const wanted = (row && row.querySelector("input:not([type=hidden]), select")) || document.querySelector("#entry-grid .is-invalid");
    if (wanted) wanted.focus();
  }

  function fields(row) {
    return Array.from(row.querySelectorAll("input.entry-number"));
  }

  function rows(grid) {
    return Array.from(grid.querySelectorAll("tr.entry-row")).filter((row) => fields(row).length > 0);
  }

  function place(field) {
    const row = field.closest("tr.entry-row");
    const all = rows(row.closest("form"));
    return { all: all, line: all.indexOf(row), column: fields(row).indexOf(field) };
  }

  function remember(event) {
    if (event.target.matches("input.entry-number")) event.target.dataset.before = event.target.value;
  }

  function go(field, lines) {
    const at = place(field);
    const row = at.all[at.line + lines];
    if (!row) return;
    const next = fields(row)[at.column];
    next.focus();
    next.select();
  }

  // Enter and the arrows go down and up as in a spreadsheet; Escape brings back what stood there.
  function onKey(event) {
    const field = event.target;
    if (!field.matches("input.entry-number") || event.isComposing) return;
    if (event.key === "Enter" || event.key === "ArrowDown") {
      event.preventDefault();
      go(field, event.key === "Enter" && event.shiftKey ? -1 : 1);
    } else if (event.key === "ArrowUp") {
      event.preventDefault();
      go(field, -1);
    } else if (event.key === "Escape") {
      field.value = field.dataset.before || "";
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }

  // A block copied from Excel or WPS: tabs between columns, one line per row.
  function onPaste(event) {
    const field = event.target;
    if (!field.matches("input.entry-number")) return;
    const text = event.clipboardData.getData("text").replace(/\r/g, "").replace(/\n+$/, "");
    if (!/[\t\n]/.test(text)) return;
    event.preventDefault();
    const at = place(field);
    text.split("\n").forEach((line, down) => {
      const row = at.all[at.line + down];
      if (!row) return;
      const targets = fields(row).slice(at.column);
      line.split("\t").forEach((value, across) => {
        if (targets[across]) targets[across].value = value.trim();
      });
      row.dispatchEvent(new CustomEvent("paste-done", { bubbles: true }));
    });
  }

  // The server says which fields are wrong; they turn red as soon as the draft has been read.
  function mark(event) {
    const state = event.target.closest ? event.target.closest("td.entry-state") : null;
    if (!state) return;
    const wrong = state.dataset.wrong.split(" ");
    state
      .closest("tr")
      .querySelectorAll("input.form-control, select")
      .forEach((field) => {
        const isWrong = wrong.includes(field.name.slice(field.name.indexOf("-") + 1));
        field.classList.toggle("is-invalid", isWrong);
        field.toggleAttribute("aria-invalid", isWrong);
      });
  }

  document.addEventListener("DOMContentLoaded", start);
  window.addEventListener("load", aim);
  document.addEventListener("htmx:afterSettle", mark);
})();
