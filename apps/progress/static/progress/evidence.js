// Files are chosen or dropped on a row and go in by themselves; what is typed in the row stays as it is.
// Every check and every sentence comes from the server.
(function () {
  "use strict";

  const waiting = new Map(); // files that wait for a sentence, by the cell's box and their name

  function boxOf(element) {
    const zone = element.closest ? element.closest(".evidence, tr, [data-evidence-zone]") : null;
    if (!zone) return null;
    const box = zone.matches(".evidence") ? zone : zone.querySelector(".evidence");
    return box && box.querySelector(".evidence-input") ? box : null;
  }

  function zoneOf(element) {
    const box = boxOf(element);
    return box && (element.closest("tr, [data-evidence-zone]") || box);
  }

  // A form that stands outside the grid's own, so that nothing else of the grid is sent.
  function send(box, files, note) {
    if (!files.length) return;
    const form = document.createElement("form");
    const field = document.createElement("input");
    const basket = new DataTransfer();
    Array.from(files).forEach((file) => {
      basket.items.add(file);
      waiting.set(box.id + "/" + file.name, file);
    });
    field.type = "file";
    field.multiple = true;
    field.name = "files";
    field.files = basket.files;
    form.hidden = true;
    form.append(field);
    if (note) {
      const said = document.createElement("input");
      said.name = "note";
      said.value = note;
      form.append(said);
    }
    form.setAttribute("hx-post", box.dataset.address);
    form.setAttribute("hx-encoding", "multipart/form-data");
    form.setAttribute("hx-target", "#" + box.id);
    form.setAttribute("hx-swap", "outerHTML");
    document.body.append(form);
    follow(form, box);
    htmx.process(form);
    htmx.trigger(form, "submit");
  }

  function follow(form, box) {
    const bar = box.querySelector(".evidence-progress");
    bar.hidden = false;
    form.addEventListener("htmx:xhr:progress", (event) => {
      if (event.detail.lengthComputable) bar.value = (100 * event.detail.loaded) / event.detail.total;
    });
    let isPart = false;
    // htmx asks the element that is to be replaced, not the one that sent.
    box.addEventListener("htmx:beforeSwap", (event) => {
      if (event.detail.requestConfig.elt !== form) return;
      // A refusal is an answer like any other; a page that is no part of the grid (signed out, an error) is not.
      isPart = event.detail.serverResponse.includes('id="' + box.id + '"');
      event.detail.shouldSwap = isPart;
      event.detail.isError = !isPart;
    });
    form.addEventListener("htmx:afterRequest", (event) => {
      bar.hidden = true;
      form.remove();
      if (!isPart) complain(box, event.detail.xhr);
    });
  }

  // No answer of ours: say so beside the row, in words that stand in the page.
  function complain(box, answer) {
    const shown = document.getElementById(box.id);
    const said = shown && shown.querySelector(".evidence-said");
    if (!said) return;
    const line = document.createElement("small");
    line.className = "evidence-wrong";
    line.textContent = "✗ " + (answer.status ? box.dataset.failed : box.dataset.offline);
    said.replaceChildren(line);
  }

  function keep(asked) {
    const box = asked.closest(".evidence");
    const note = asked.querySelector(".evidence-note");
    const file = waiting.get(box.id + "/" + asked.dataset.name);
    if (!note.value.trim() || !file) {
      note.focus();
      return;
    }
    send(box, [file], note.value);
  }

  // Before the row hears of it: choosing a file or writing why is no change of the figure.
  document.addEventListener(
    "change",
    (event) => {
      if (!event.target.closest || !event.target.closest(".evidence")) return;
      event.stopPropagation();
      if (!event.target.matches(".evidence-input")) return;
      send(event.target.closest(".evidence"), event.target.files, "");
      event.target.value = "";
    },
    true
  );

  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "Enter" || !event.target.matches(".evidence-note") || event.isComposing) return;
      event.preventDefault();
      event.stopPropagation();
      keep(event.target.closest(".evidence-asked"));
    },
    true
  );

  // A file that was not kept after all is forgotten.
  function drop(asked) {
    const box = asked.closest(".evidence");
    waiting.delete(box.id + "/" + asked.dataset.name);
    asked.remove();
    box.querySelector(".evidence-input").focus();
  }

  document.addEventListener("click", (event) => {
    if (event.target.matches(".evidence-keep")) keep(event.target.closest(".evidence-asked"));
    else if (event.target.matches(".evidence-leave")) drop(event.target.closest(".evidence-asked"));
  });

  function hasFiles(event) {
    return event.dataTransfer && Array.from(event.dataTransfer.types).includes("Files");
  }

  function mark(zone) {
    document.querySelectorAll(".is-drop-target").forEach((other) => other.classList.toggle("is-drop-target", other === zone));
    if (zone) zone.classList.add("is-drop-target");
  }

  // A file dropped beside a row would otherwise open in place of the page, and with it go what was typed.
  document.addEventListener("dragover", (event) => {
    if (!hasFiles(event) || event.target.matches("input[type=file]")) return;
    event.preventDefault();
    const zone = zoneOf(event.target);
    event.dataTransfer.dropEffect = zone ? "copy" : "none";
    mark(zone);
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) mark(null);
  });
  document.addEventListener("drop", (event) => {
    if (!hasFiles(event) || event.target.matches("input[type=file]")) return;
    event.preventDefault();
    mark(null);
    const box = boxOf(event.target);
    if (box) send(box, event.dataTransfer.files, "");
  });
})();
