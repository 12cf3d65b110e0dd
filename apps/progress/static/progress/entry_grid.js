// Keys, pasting and stepping for the grid. It moves and fills texts only: every figure and every check comes from the server.
(function () {
  "use strict";

  const ACROSS = "perftrack:tab-down";
  const NUMBER = "input.entry-number";
  const NARROW = window.matchMedia("(max-width: 640px)");
  let grid, sentences;
  let pasted = null;
  let begun = ""; // the row whose correction was asked for, until its fields are there

  function start() {
    grid = document.getElementById("entry-grid");
    if (!grid) return;
    sentences = document.getElementById("grid-sentences").dataset;
    grid.addEventListener("focusin", onFocus);
    grid.addEventListener("keydown", onKey);
    grid.addEventListener("input", forgetPaste);
    grid.addEventListener("paste", onPaste);
    grid.addEventListener("click", (event) => {
      const begin = event.target.closest(".entry-begin");
      if (begin) begun = begin.closest("tr.entry-row").id;
    });
    document.addEventListener("submit", waitForFiles, true);
    startTab();
    startSteps();
  }

  // What a submission left behind, else the cell a mail leads to, else the first that is wrong. Going to the fragment takes the
  // focus away, so this comes after.
  function aim() {
    if (!grid) return;
    const row = document.getElementById(window.location.hash.slice(1));
    const led = row && row.querySelector("input:not([type=hidden]), select");
    const wrong = grid.querySelector(".is-invalid, .is-asked .entry-note") || grid.querySelector(".is-wrong input:not([type=hidden]), .is-wrong select");
    const wanted = document.getElementById("grid-banner") ? wrong || led : led || wrong;
    if (wanted) focus(wanted);
  }

  // A file that waits for a word would be gone with the page: the submission waits for it too.
  function waitForFiles(event) {
    const waiting = event.target === grid && grid.querySelector(".evidence-asked");
    if (!waiting) return;
    event.preventDefault();
    event.stopPropagation();
    grid.querySelectorAll(".evidence-asked .evidence-waits").forEach((told) => { told.hidden = false; });
    focus(waiting.querySelector(".evidence-note"));
  }

  function fields(row) {
    return Array.from(row.querySelectorAll(NUMBER));
  }

  function rows() {
    return Array.from(grid.querySelectorAll("tr.entry-row")).filter((row) => fields(row).length > 0);
  }

  function place(field) {
    const all = rows();
    const row = field.closest("tr.entry-row");
    return { all: all, line: all.indexOf(row), column: fields(row).indexOf(field) };
  }

  function focus(field) {
    step(field.closest("tr.entry-row"));
    field.focus();
    if (field.select) field.select();
  }

  function onFocus(event) {
    const field = event.target;
    if (field.matches("input:not([type=hidden])")) field.dataset.before = field.value;
    const row = field.closest("tr.entry-row");
    if (row) step(row);
  }

  function tell(text) {
    const told = document.getElementById("grid-told");
    if (!told) return;
    told.textContent = text;
    told.hidden = !text;
  }

  // Keys -----------------------------------------------------------------------------------------------------

  function isDown() {
    return window.localStorage.getItem(ACROSS) === "1";
  }

  function startTab() {
    const button = document.getElementById("grid-tab");
    if (!button) return;
    const show = () => {
      button.setAttribute("aria-pressed", String(isDown()));
      button.querySelector("[data-across]").hidden = isDown();
      button.querySelector("[data-down]").hidden = !isDown();
    };
    button.hidden = false;
    show();
    button.addEventListener("click", () => {
      window.localStorage.setItem(ACROSS, isDown() ? "0" : "1");
      show();
    });
  }

  // All number fields in the order of a walk through the grid: row by row, or column by column.
  function walk(down) {
    const lines = rows().map(fields);
    if (!down) return lines.flat();
    const widest = Math.max(0, ...lines.map((line) => line.length));
    return Array.from({ length: widest }, (_none, column) => lines.map((line) => line[column])).flat().filter(Boolean);
  }

  // Go on in the walk; false at either end, where the key does what it does elsewhere.
  function goOn(field, down, by) {
    const order = walk(down);
    const next = order[order.indexOf(field) + by];
    if (!next) return false;
    focus(next);
    return true;
  }

  function goVertical(field, by) {
    const at = place(field);
    const row = at.all[at.line + by];
    if (row && fields(row)[at.column]) focus(fields(row)[at.column]);
  }

  // Left and right leave a field where its text ends, so that the note can be reached without a mouse.
  function goSideways(field, by) {
    const edge = by > 0 ? field.value.length : 0;
    const isAll = field.selectionStart === 0 && field.selectionEnd === field.value.length;
    if (!isAll && (field.selectionStart !== edge || field.selectionEnd !== edge)) return false;
    const line = Array.from(field.closest("tr.entry-row").querySelectorAll(`${NUMBER}, input.entry-note`));
    const next = line[line.indexOf(field) + by];
    if (!next) return false;
    focus(next);
    return true;
  }

  function restore(field) {
    field.value = field.dataset.before || "";
    field.dispatchEvent(new Event("change", { bubbles: true }));
    field.select();
  }

  function submit(field) {
    field.blur();
    grid.requestSubmit();
  }

  function onEnter(field, event) {
    const by = event.shiftKey ? -1 : 1;
    if (goOn(field, !NARROW.matches, by)) return true;
    const button = grid.querySelector(".entry-actions [type=submit]");
    if (by > 0 && button) button.focus();
    return true;
  }

  const KEYS = {
    Enter: onEnter,
    Tab: (field, event) => goOn(field, isDown() && !NARROW.matches, event.shiftKey ? -1 : 1),
    ArrowDown: (field) => goVertical(field, 1) || true,
    ArrowUp: (field) => goVertical(field, -1) || true,
    ArrowRight: (field) => goSideways(field, 1),
    ArrowLeft: (field) => goSideways(field, -1),
    Escape: (field) => restore(field) || true,
  };

  function onKey(event) {
    const field = event.target;
    if (event.isComposing) return;
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
      event.preventDefault();
      submit(field);
    } else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z" && pasted) {
      event.preventDefault();
      undoPaste();
    } else if (field.matches("input.entry-note")) {
      onNoteKey(field, event);
    } else if (field.matches(NUMBER) && KEYS[event.key] && !event.ctrlKey && !event.altKey && !event.metaKey) {
      if (KEYS[event.key](field, event)) event.preventDefault();
    }
  }

  // Enter in a note goes on to the next row instead of sending the whole grid.
  function onNoteKey(field, event) {
    if (event.key === "Enter") {
      event.preventDefault();
      const at = place(field);
      const next = at.all[at.line + 1];
      if (next) focus(fields(next)[0]);
      else field.blur();
    } else if (event.key === "Escape") {
      restore(field);
    } else if (event.key === "ArrowLeft" && goSideways(field, -1)) {
      event.preventDefault();
    }
  }

  // Pasting --------------------------------------------------------------------------------------------------

  // A block copied from Excel or WPS: tabs between columns, one line per row; a cell in quotes may hold line breaks.
  function cellsOf(text) {
    const lines = [[""]];
    let isQuoted = false;
    text = text.replace(/\r\n?/g, "\n").replace(/\n+$/, "");
    for (let at = 0; at < text.length; at += 1) {
      const line = lines[lines.length - 1];
      const sign = text[at];
      if (sign === '"' && (isQuoted || line[line.length - 1] === "")) {
        if (isQuoted && text[at + 1] === '"') { line[line.length - 1] += '"'; at += 1; } else isQuoted = !isQuoted;
      } else if (sign === "\t" && !isQuoted) line.push("");
      else if (sign === "\n" && !isQuoted) lines.push([""]);
      else line[line.length - 1] += sign;
    }
    return lines.map((line) => line.map((cell) => cell.replace(/\s+/g, " ").trim()));
  }

  function plain(name) {
    return name.normalize("NFKC").replace(/[\s:：*]/g, "").toLowerCase();
  }

  function short(name) {
    const bare = plain(name);
    return bare.length > 2 ? bare.replace(/[区县市]$/, "") : bare;
  }

  // Every row of the grid by its name: its full one, and without 区, 县, 市 where that is still one row's alone.
  function names() {
    const found = new Map();
    const all = Array.from(grid.querySelectorAll("tr.entry-row"));
    const count = new Map();
    all.forEach((row) => namesOf(row, short).forEach((name) => count.set(name, (count.get(name) || 0) + 1)));
    all.forEach((row) => namesOf(row, short).filter((name) => count.get(name) === 1).forEach((name) => found.set(name, row)));
    all.forEach((row) => namesOf(row, plain).forEach((name) => found.set(name, row)));
    return found;
  }

  // Its name on the page and in Chinese, which are one where the page is Chinese.
  function namesOf(row, as) {
    return Array.from(new Set(row.querySelector("th").dataset.names.split("|").map(as)));
  }

  function nameOf(row) {
    return row.querySelector("th").dataset.name;
  }

  function rowOf(found, name) {
    return found.get(plain(name)) || found.get(short(name));
  }

  function isTotal(name) {
    return sentences.totalWords.split(",").some((word) => plain(name) === word);
  }

  // The column that names rows of the grid, of the first three (a number for each line may come before); -1 for a block of figures.
  // A first column without a single digit is names too, if of strangers: they never belong into number fields.
  function nameColumn(block, found) {
    const known = [0, 1, 2].map((column) => block.filter((line) => line.length > column + 1 && line[column] && rowOf(found, line[column])).length);
    const most = Math.max(...known);
    if (most) return known.indexOf(most);
    const isText = block.length > 1 && block.every((line) => line.length > 1 && /^[^\d０-９#.·—-]+$/.test(line[0]));
    return isText ? 0 : -1;
  }

  function onPaste(event) {
    const field = event.target;
    if (!field.matches(NUMBER)) return;
    const text = event.clipboardData.getData("text");
    if (!/[\t\n]/.test(text.replace(/[\r\n]+$/, ""))) return;
    event.preventDefault();
    const block = cellsOf(text);
    const found = names();
    const column = nameColumn(block, found);
    const told = { changed: [], filled: 0, long: 0, wide: 0, nameless: 0, strangers: [], twice: [], locked: [], columns: [], total: false, headed: false, named: column >= 0 };
    const before = totals().map((total) => ({ field: total.name, before: total.value }));
    if (told.named) {
      const lines = block.map((line) => nameFirst(line, column));
      const head = rowOf(found, lines[0][0]) || isTotal(lines[0][0]) ? null : headOf(lines[0].slice(1));
      fillByName(head ? lines.slice(1) : lines, found, told, placer(field, head, startOf(field, block, column), told));
    } else {
      const head = headOf(block[0]);
      fillFrom(field, head ? block.slice(1) : block, told, placer(field, head, place(field).column, told));
    }
    remember(told, before);
  }

  // What stands before the name is dropped, but for the word 合计, which often spans both columns.
  function nameFirst(line, column) {
    const total = line.slice(0, column).find(isTotal);
    return [line[column] || total || "", ...line.slice(column + 1)];
  }

  // Figures beside names begin where one stands, if all of them have room there, else in the first field.
  function startOf(field, block, column) {
    const at = place(field);
    const width = Math.max(...block.map((line) => line.length)) - column - 1;
    return at.column + width <= fields(at.all[at.line]).length ? at.column : 0;
  }

  // Heads ---------------------------------------------------------------------------------------------------

  function bare(word) {
    return plain(word).replace(/\(.*?\)/g, "");
  }

  // Which field a head names: by its very words, else as the only one that they are a part of, or that is a part of them; -1 for none.
  function fieldNamed(word, known) {
    const exact = known.findIndex((words) => words.includes(word));
    if (exact >= 0 || word.length < 2) return exact;
    const near = known.map((words, at) => (words.some((name) => name.includes(word) || word.includes(name)) ? at : -1)).filter((at) => at >= 0);
    return near.length === 1 ? near[0] : -1;
  }

  // The first line where it names the columns: its words, and the field of each. Two columns for one field are columns of none.
  function headOf(line) {
    const known = fields(rows()[0]).map((field) => (field.dataset.heads || "").split("|").map(bare).filter(Boolean));
    const named = line.map((word) => fieldNamed(bare(word), known));
    const at = named.map((place) => (named.indexOf(place) === named.lastIndexOf(place) ? place : -1));
    return at.some((place) => place >= 0) ? { words: line, at: at } : null;
  }

  // How a line goes into fields: by the head of each column, else one after the other from where one stands.
  function placer(field, head, start, told) {
    if (!head) return { start: start, put: (row, values) => fill(fields(row).slice(start), values, told), pick: (values) => values };
    told.headed = true;
    told.columns = head.words.filter((word, column) => word && head.at[column] < 0);
    const pick = (values) => fields(rows()[0]).map((_field, at) => values[head.at.indexOf(at)]);
    return { start: 0, put: (row, values) => fill(fields(row), pick(values), told), pick: pick };
  }

  function fillByName(lines, found, told, places) {
    setTotals([], 0);
    const named = lines.map((line) => rowOf(found, line[0]));
    lines.forEach((line, number) => {
      const row = named[number];
      if (row && named.indexOf(row) !== named.lastIndexOf(row)) told.twice.push(line[0]);
      else if (row && fields(row).length) places.put(row, line.slice(1));
      else if (row) told.locked.push(line[0]);
      else if (isTotal(line[0])) {
        setTotals(places.pick(line.slice(1)), places.start);
        told.total = true;
      } else if (line[0] && !isHead(line, number)) told.strangers.push(line[0]);
      else if (!line[0] && line.some((cell) => /\d/.test(cell))) told.nameless += 1;
    });
  }

  // The heads of the columns come along when somebody copies the whole table.
  function isHead(line, number) {
    return number === 0 && line.slice(1).every((cell) => !/\d/.test(cell));
  }

  // A block without names goes in line by line from where one stands. A row that cannot be typed into uses up its line; one
  // that is the first of the grid cannot be stood in, so a block as long as the grid begins there.
  function fillFrom(field, block, told, places) {
    const all = Array.from(grid.querySelectorAll("tr.entry-row"));
    const here = all.indexOf(field.closest("tr.entry-row"));
    const isWhole = block.length === all.length && all.slice(0, here).every((row) => !fields(row).length);
    block.forEach((line, down) => {
      const row = all[(isWhole ? 0 : here) + down];
      if (!line.some(Boolean) && !(row && fields(row).length)) return;
      if (!row) told.long += 1;
      else if (fields(row).length) places.put(row, line);
      else told.locked.push(nameOf(row));
    });
  }

  function fill(targets, values, told) {
    values.forEach((value, across) => {
      if (value === undefined) return;
      const field = targets[across];
      if (!field) {
        if (value) told.wide = Math.max(told.wide, across + 1 - targets.length);
        return;
      }
      told.changed.push({ field: field.name, before: field.value });
      told.filled += 1;
      field.value = value;
    });
  }

  function totals() {
    return Array.from(grid.querySelectorAll("input[type=hidden][name^=total-]"));
  }

  // The total row is for the server to compare with; which of the fields a kind of measure has, the first row tells.
  function setTotals(values, start) {
    const columns = fields(rows()[0]).slice(start).map((field) => field.name.replace(/^c\d+-/, ""));
    totals().forEach((field) => {
      field.value = values[columns.indexOf(field.name.replace("total-", ""))] || "";
    });
  }

  function count(sentence, number) {
    return number ? sentence.replace("#", number) : "";
  }

  function remember(told, before) {
    const list = (sentence, words) => (words.length ? sentence + words.join("、") + "。" : "");
    pasted = { changed: told.changed, totals: before };
    tell(
      [
        count(sentences.pasted, told.filled),
        told.named ? sentences.byName : "",
        told.headed ? sentences.columns : "",
        told.total ? sentences.total : "",
        count(sentences.tooLong, told.long),
        count(sentences.tooWide, told.wide),
        count(sentences.nameless, told.nameless),
        list(sentences.noColumn, told.columns),
        list(sentences.strangers, told.strangers),
        list(sentences.twice, Array.from(new Set(told.twice))),
        list(sentences.locked, told.locked),
      ].join("")
    );
    keepAll();
  }

  function undoPaste() {
    pasted.changed.slice().reverse().concat(pasted.totals).forEach((was) => {
      const field = grid.elements[was.field];
      if (field) field.value = was.before;
    });
    pasted = null;
    tell(sentences.undone);
    keepAll();
  }

  // Whoever types on takes back with Ctrl+Z what they typed, as everywhere.
  function forgetPaste() {
    pasted = null;
  }

  function keepAll() {
    grid.dispatchEvent(new CustomEvent("entry-filled"));
  }

  // One member at a time on a phone ----------------------------------------------------------------------------

  function startSteps() {
    const nav = document.getElementById("grid-steps");
    if (!nav || grid.querySelectorAll("tr.entry-row").length < 2) return;
    nav.hidden = false;
    grid.classList.add("is-stepped");
    nav.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      if (button.dataset.step) step(document.getElementById(button.dataset.step));
      else step(neighbour(Number(button.dataset.go)));
      const first = grid.querySelector("tr.is-current input:not([type=hidden])");
      if (first && !button.dataset.step) focus(first);
    });
    step(grid.querySelector("tr.entry-row.is-wrong") || rows()[0] || grid.querySelector("tr.entry-row"));
    chips();
  }

  function neighbour(by) {
    const all = Array.from(grid.querySelectorAll("tr.entry-row"));
    return all[all.indexOf(grid.querySelector("tr.is-current")) + by];
  }

  function step(row) {
    if (!row || !grid.classList.contains("is-stepped")) return;
    const before = grid.querySelector("tr.is-current");
    if (before) before.classList.remove("is-current");
    row.classList.add("is-current");
    if (NARROW.matches && before && before !== row) document.getElementById("grid-steps").scrollIntoView();
    const all = Array.from(grid.querySelectorAll("tr.entry-row"));
    const at = all.indexOf(row);
    document.getElementById("grid-place").textContent = `${at + 1}/${all.length}`;
    document.querySelectorAll("#grid-steps [data-step]").forEach((chip) => {
      if (chip.dataset.step === row.id) chip.setAttribute("aria-current", "true");
      else chip.removeAttribute("aria-current");
    });
    const chip = document.querySelector("#grid-steps [aria-current]");
    if (chip && NARROW.matches) chip.parentElement.parentElement.scrollLeft = chip.offsetLeft - 60;
    document.querySelector("#grid-steps [data-go='-1']").disabled = at === 0;
    document.querySelector("#grid-steps [data-go='1']").disabled = at === all.length - 1;
  }

  // Each chip bears the sign of its row: wrong, asked, typed and kept, or where its figure is.
  function chips() {
    document.querySelectorAll("#grid-steps [data-step]").forEach((chip) => {
      const row = document.getElementById(chip.dataset.step);
      const state = row.querySelector("td.entry-state");
      const status = state.querySelector(".pt-status");
      const typed = fields(row).some((field) => field.value) && state.dataset.state === "pending";
      const looks = { wrong: "✗", asked: "⚠" };
      const sign = looks[state.dataset.look] || (typed ? "✎" : status ? status.textContent.trim().slice(0, 1) : "");
      chip.textContent = `${sign} ${nameOf(row)}`;
    });
  }

  // Answers --------------------------------------------------------------------------------------------------

  // The server says which fields are wrong; they turn red as soon as the draft has been read.
  function mark(event) {
    if (!grid || !event.target.closest || !grid.contains(event.target)) return;
    const row = event.target.closest("tr.entry-row");
    const state = row && (event.target === row ? row.querySelector("td.entry-state") : event.target.closest("td.entry-state"));
    if (!state) return;
    const wrong = state.dataset.wrong.split(" ").filter(Boolean);
    row.classList.toggle("is-wrong", state.dataset.look === "wrong");
    row.classList.toggle("is-asked", state.dataset.look === "asked");
    row.querySelectorAll("input.form-control, select").forEach((field) => {
      const isWrong = wrong.includes(field.name.slice(field.name.indexOf("-") + 1));
      field.classList.toggle("is-invalid", isWrong);
      if (isWrong) field.setAttribute("aria-invalid", "true");
      else field.removeAttribute("aria-invalid");
    });
    if (grid.classList.contains("is-stepped")) {
      if (!grid.querySelector("tr.is-current")) step(row);
      chips();
    }
    recount();
    if (row.id !== begun || !fields(row).length) return;
    begun = "";
    focus(fields(row)[0]);
  }

  // What a submission said of rows that stayed behind holds as long as there are some.
  function recount() {
    const banner = document.getElementById("grid-banner");
    if (!banner) return;
    banner.querySelectorAll("[data-left]").forEach((told) => {
      const left = grid.querySelectorAll(`tr.entry-row.is-${told.dataset.left}`).length;
      if (left) told.querySelector("b").textContent = left;
      else told.remove();
    });
    if (!banner.querySelector("[data-left]")) banner.remove();
  }

  function openAside(event) {
    if (event.target.id === "entry-aside-body") document.getElementById("entry-aside").showModal();
  }

  document.addEventListener("DOMContentLoaded", start);
  window.addEventListener("load", aim);
  document.addEventListener("htmx:afterSettle", mark);
  document.addEventListener("htmx:afterSwap", openAside);
})();
