// What is typed is never lost: each text stays in this browser until the server has said that it kept it.
// Copies are stored per person and grid, so nobody meets those of another on the same computer.
(function () {
  "use strict";

  const PREFIX = "perftrack:typed:";
  const OLDEST = 14 * 24 * 3600 * 1000;
  const LONGEST_WAIT = 60;
  let grid, key, sentences;
  let wait = 2;
  let timer = null;
  let isLeaving = false; // meant: a submission, signing out, signing in again
  let isGoing = false; // the next page may be on its way already, and was made before what is answered from now on

  function start() {
    forgetOld();
    grid = document.getElementById("entry-grid");
    if (!grid || !document.getElementById("grid-keep")) return;
    key = `${PREFIX}${grid.dataset.person}:${grid.dataset.grid}`;
    sentences = document.getElementById("grid-sentences").dataset;
    grid.addEventListener("input", (event) => copy(event.target));
    grid.addEventListener("change", (event) => copy(event.target));
    grid.addEventListener("entry-filled", keepFilled);
    grid.addEventListener("submit", onSubmit);
    document.addEventListener("htmx:beforeRequest", onRequest);
    document.addEventListener("htmx:beforeSwap", onAnswer);
    document.addEventListener("htmx:sendError", onLost);
    document.addEventListener("htmx:responseError", onRefused);
    window.addEventListener("online", retry);
    window.addEventListener("beforeunload", warn);
    restore();
  }

  // Copies ---------------------------------------------------------------------------------------------------

  function read() {
    try {
      return JSON.parse(window.localStorage.getItem(key)) || {};
    } catch (_broken) {
      return {};
    }
  }

  function write(copies) {
    try {
      if (Object.keys(copies).length) window.localStorage.setItem(key, JSON.stringify(copies));
      else window.localStorage.removeItem(key);
    } catch (_full) {
      // A browser without room keeps nothing; the server's drafts are still there.
    }
  }

  function forgetOld() {
    Object.keys(window.localStorage).filter((name) => name.startsWith(PREFIX)).forEach((name) => {
      try {
        const copies = Object.values(JSON.parse(window.localStorage.getItem(name)));
        if (!copies.some((row) => Date.now() - row.at < OLDEST)) window.localStorage.removeItem(name);
      } catch (_broken) {
        window.localStorage.removeItem(name);
      }
    });
  }

  function rowsWithFields() {
    return Array.from(grid.querySelectorAll("tr.entry-row[hx-post]"));
  }

  function texts(row) {
    const found = {};
    row.querySelectorAll("input[name], select[name]").forEach((field) => {
      if (/^c\d+-/.test(field.name)) found[field.name] = field.value;
    });
    return found;
  }

  function copyRow(row) {
    const copies = read();
    copies[row.id] = { texts: texts(row), at: Date.now() };
    write(copies);
  }

  function copy(field) {
    const row = field.closest("tr.entry-row");
    if (row && field.name && /^c\d+-/.test(field.name)) copyRow(row);
  }

  function same(one, other) {
    return Object.keys(one).every((name) => one[name] === other[name]);
  }

  // A copy whose texts the server has kept goes; one that was typed on meanwhile stays.
  function drop(sent) {
    if (isGoing) return;
    const copies = read();
    Object.keys(copies).forEach((id) => {
      if (sent.get(id) && same(copies[id].texts, sent.get(id))) delete copies[id];
    });
    write(copies);
  }

  // Sending --------------------------------------------------------------------------------------------------

  function isOurs(event) {
    return event.target.id === "grid-keep" || (grid.contains(event.target) && event.target.matches("tr.entry-row"));
  }

  function onRequest(event) {
    if (!isOurs(event)) return;
    const cause = event.detail.requestConfig.triggeringEvent && event.detail.requestConfig.triggeringEvent.target;
    if (cause && cause.matches("input, select") && !/^c\d+-/.test(cause.name)) {
      event.preventDefault(); // a file was chosen beside the figure, which is not the figure's text
      return;
    }
    if (!navigator.onLine) {
      event.preventDefault();
      later();
      return;
    }
    const rows = event.target.id === "grid-keep" ? rowsWithFields() : [event.target];
    event.detail.xhr.sent = new Map(rows.map((row) => [row.id, texts(row)]));
  }

  function onAnswer(event) {
    if (!event.detail.requestConfig || !event.detail.xhr) return;
    const asked = event.detail.requestConfig.path;
    const answered = event.detail.xhr.responseURL;
    if (answered && new URL(answered).pathname !== new URL(asked, window.location.href).pathname) {
      event.detail.shouldSwap = false;
      say(sentences.ended, { word: sentences.signIn, address: new URL(answered).pathname + "?next=" + encodeURIComponent(window.location.pathname) });
    } else if (event.detail.xhr.status === 200 && event.detail.xhr.sent) {
      drop(event.detail.xhr.sent);
      wait = 2;
      if (!Object.keys(read()).length) quiet();
    }
  }

  function onLost(event) {
    if (isOurs(event)) later();
  }

  function onRefused(event) {
    if (!isOurs(event)) return;
    if (event.detail.xhr.status >= 500 || event.detail.xhr.status === 0) later();
    else say(sentences.stale, { word: sentences.reload, address: window.location.pathname + window.location.search });
  }

  function later() {
    say(sentences.offline);
    window.clearTimeout(timer);
    timer = window.setTimeout(retry, wait * 1000);
    wait = Math.min(wait * 2, LONGEST_WAIT);
  }

  function retry() {
    window.clearTimeout(timer);
    if (!Object.keys(read()).length) quiet();
    else if (navigator.onLine) keepAll();
    else later();
  }

  function keepAll() {
    document.getElementById("grid-keep").dispatchEvent(new CustomEvent("keep"));
  }

  function keepFilled() {
    rowsWithFields().forEach(copyRow);
    keepAll();
  }

  function quiet() {
    const told = document.getElementById("grid-lost");
    if (told) told.remove();
  }

  function say(text, link) {
    const saved = document.getElementById("grid-saved");
    let told = document.getElementById("grid-lost");
    if (!told) {
      told = document.createElement("span");
      told.id = "grid-lost";
      told.className = "entry-lost";
      told.setAttribute("role", "alert");
      saved.before(told);
    }
    const words = `⚠ ${text}`;
    if (told.firstChild && told.firstChild.textContent === words) return;
    told.replaceChildren(words);
    if (link) {
      const anchor = document.createElement("a");
      anchor.href = link.address;
      anchor.textContent = link.word;
      anchor.addEventListener("click", () => { isLeaving = true; });
      told.append(anchor);
    }
  }

  // Coming and going -----------------------------------------------------------------------------------------

  function onSubmit(event) {
    if (!navigator.onLine) {
      event.preventDefault();
      say(sentences.cannotSubmit);
      return;
    }
    isLeaving = true;
    rowsWithFields().concat(document.getElementById("grid-keep")).forEach((row) => row.dispatchEvent(new Event("htmx:abort")));
    const copies = read();
    Object.values(copies).forEach((row) => { row.sent = true; });
    write(copies);
  }

  function warn(event) {
    isGoing = true;
    grid.addEventListener("input", () => { isGoing = false; }, { once: true, capture: true });
    if (!isLeaving && Object.keys(read()).length) event.preventDefault();
  }

  // What a submission took along is done once the figure has another number; everything else comes back.
  function restore() {
    const copies = read();
    let count = 0;
    Object.keys(copies).forEach((id) => {
      const row = document.getElementById(id);
      const state = row && row.querySelector("td.entry-state");
      const isDone = !row || !row.matches("[hx-post]") || same(copies[id].texts, texts(row));
      const seen = Object.keys(copies[id].texts).find((name) => name.endsWith("-seen"));
      if (isDone || (copies[id].sent && seen && state.dataset.seen !== copies[id].texts[seen])) {
        delete copies[id];
        return;
      }
      delete copies[id].sent;
      Object.entries(copies[id].texts).forEach(([name, text]) => {
        if (grid.elements[name]) grid.elements[name].value = text;
      });
      count += 1;
    });
    write(copies);
    if (!count) return;
    const told = document.getElementById("grid-told");
    told.textContent = sentences.restored.replace("#", count);
    told.hidden = false;
    window.addEventListener("load", keepAll);
  }

  // Signing out is meant; the page's own script takes the copies away.
  document.addEventListener("submit", (event) => {
    if (event.target.matches("form[action*='logout']")) isLeaving = true;
  });
  document.addEventListener("DOMContentLoaded", start);
})();
