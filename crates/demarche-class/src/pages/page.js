"use strict";
// One socket keeps a page current; what somebody writes stays, whatever else changes.
(() => {
  const address = document.body.dataset.socket;
  if (!address) return;
  const said = document.getElementById("said");
  const place = "draft " + location.pathname;
  const drafts = JSON.parse(sessionStorage.getItem(place) || "{}");
  const waiting = new Map();
  let socket = null;
  let tries = 0;

  const say = (text) => {
    said.textContent = text;
    clearTimeout(say.timer);
    if (text && socket) say.timer = setTimeout(() => { said.textContent = ""; }, / PIN /.test(text) ? 60000 : 6000);
  };
  const keep = () => sessionStorage.setItem(place, JSON.stringify(drafts));

  // Puts back what was drafted where the control is still there and still takes it.
  const restore = (part) => {
    for (const form of part.querySelectorAll("form[data-draft]")) {
      for (const [name, value] of Object.entries(drafts[form.id] || {})) {
        const control = form.elements[name];
        if (!control) continue;
        if (control instanceof RadioNodeList) { control.value = value; continue; }
        const takes = control.tagName !== "SELECT"
          || [...control.options].some((option) => option.value === value);
        if (takes) control.value = value;
      }
    }
  };

  const put = (id, html) => {
    const island = document.getElementById(id);
    if (!island) return location.reload();
    const open = new Set([...island.querySelectorAll("details[open]")].map((of) => of.id));
    const shut = new Set([...island.querySelectorAll("details:not([open])")].map((of) => of.id));
    const active = island.contains(document.activeElement) ? document.activeElement : null;
    const form = active && active.closest("form");
    const at = form ? [...form.elements].indexOf(active) : -1;
    const caret = active && "selectionStart" in active ? active.selectionStart : null;
    island.innerHTML = html;
    for (const details of island.querySelectorAll("details")) {
      if (open.has(details.id)) details.open = true;
      if (shut.has(details.id)) details.open = false;
    }
    restore(island);
    if (!active) return;
    const again = form ? document.getElementById(form.id)?.elements[at]
      : active.id && document.getElementById(active.id);
    if (!again) return document.getElementById("main").focus({ preventScroll: true });
    again.focus({ preventScroll: true });
    if (caret !== null) try { again.setSelectionRange(caret, caret); } catch { /* has no caret */ }
  };

  const answered = ({ word, ok, said: text }) => {
    const sent = waiting.get(word);
    waiting.delete(word);
    if (sent) for (const button of sent.buttons) button.disabled = false;
    if (sent && ok && sent.form.hasAttribute("data-clear")) {
      delete drafts[sent.form.id];
      keep();
      const form = document.getElementById(sent.form.id);
      if (form) for (const control of form.querySelectorAll("textarea, input[type=text]")) control.value = "";
    }
    say(text);
  };

  const connect = () => {
    socket = new WebSocket(address.replace(/^/, location.origin.replace(/^http/, "ws")));
    socket.onopen = () => {
      tries = 0;
      document.body.classList.remove("offline");
      say("");
      // What was not acknowledged is said again; the server does it once.
      for (const sent of waiting.values()) socket.send(sent.text);
    };
    socket.onmessage = ({ data }) => {
      const message = JSON.parse(data);
      if (message.put) for (const [id, html] of Object.entries(message.put)) put(id, html);
      if (message.answer) answered(message.answer);
      if (message.load) location.reload();
    };
    socket.onclose = () => {
      socket = null;
      document.body.classList.add("offline");
      say("No connection. What you write stays here; trying again …");
      tries += 1;
      setTimeout(connect, Math.min(5000, 250 * tries));
    };
  };

  document.addEventListener("input", ({ target }) => {
    const form = target.closest("form[data-draft]");
    if (!form || !target.name) return;
    (drafts[form.id] ||= {})[target.name] = target.value;
    keep();
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.classList.contains("deed")) return;
    event.preventDefault();
    const fields = [...new FormData(form)].map(([name, value]) => [name, String(value)]);
    const word = String(Date.now()) + Math.random().toString(36).slice(2);
    const text = JSON.stringify({ word, fields });
    const buttons = [...form.querySelectorAll("button")];
    for (const button of buttons) button.disabled = true;
    waiting.set(word, { text, form, buttons });
    if (socket && socket.readyState === WebSocket.OPEN) socket.send(text);
    else say("No connection yet; it is sent as soon as there is one.");
  });

  // A link to a part of the page opens what is folded there.
  document.addEventListener("click", ({ target }) => {
    const link = target.closest('nav a[href^="#"]');
    const part = link && document.querySelector(link.getAttribute("href"));
    if (part) for (const fold of part.querySelectorAll(":scope > details")) fold.open = true;
  });

  restore(document);
  connect();
})();
