// Staff pages: typing counts as being there; a warning before the time runs out; what was kept comes
// back. Without this script the server still signs out in time and still keeps a late form.
(function () {
  'use strict';
  const script = document.currentScript;
  const limit = Number(script.dataset.idleSeconds) * 1000;
  const warn = Math.min(60000, limit / 3);
  const often = Math.min(60000, limit / 3);
  const token = () => (document.querySelector('input[name=csrfmiddlewaretoken]') || {}).value;
  let seen = Date.now();
  let touched = false;
  let dialog = null;

  function stay() {
    touched = false;
    const body = new URLSearchParams({ csrfmiddlewaretoken: token() || '' });
    return fetch(script.dataset.stay, { method: 'POST', body, redirect: 'manual' }).then((answer) => {
      if (answer.status === 204) { seen = Date.now(); return true; }
      return false;
    }, () => false);
  }

  function show(text, label, action) {
    if (!dialog) {
      dialog = document.createElement('dialog');
      dialog.className = 'idle';
      const words = document.createElement('p');
      words.setAttribute('role', 'status');
      const button = document.createElement('button');
      button.type = 'button';
      dialog.append(words, button);
      document.body.append(dialog);
    }
    dialog.querySelector('p').textContent = text;
    const button = dialog.querySelector('button');
    button.textContent = label;
    button.onclick = action;
    if (!dialog.open) { dialog.showModal(); }
  }

  function ask() {
    show('Still there? You will be signed out in a minute to protect the records.', 'Stay signed in',
      () => { stay().then((there) => { if (there) { dialog.close(); } else { over(); } }); });
  }

  function over() {
    document.documentElement.classList.add('signed-out');
    show('You were signed out to protect the records. What you typed is still on this page. ' +
      'Save it as usual: you sign in again, and then get it back filled in.', 'Back to the page',
      () => { document.documentElement.classList.remove('signed-out'); dialog.close(); });
    dialog.dataset.over = 'yes';
  }

  function watch() {
    const idle = Date.now() - seen;
    if (dialog && dialog.dataset.over) { return; }
    if (idle > limit) { over(); return; }
    if (touched && idle > often) { stay(); return; }
    if (idle > limit - warn && !(dialog && dialog.open)) { ask(); }
  }

  function putBack(kept) {
    if (!kept.fields.length) { return; }
    const left = new Map();
    kept.fields.forEach(([name, value]) => left.set(name, [...(left.get(name) || []), value]));
    const form = [...document.forms].find((one) => one.method === 'post' &&
      new URL(one.action).pathname === kept.path) || document.forms[document.forms.length - 1];
    [...form.elements].forEach((field) => {
      if (!field.name || field.type === 'hidden' || field.type === 'file') { return; }
      const values = left.get(field.name) || [];
      if (field.type === 'checkbox' || field.type === 'radio') {
        field.checked = values.includes(field.value);
      } else if (field.tagName === 'SELECT' && field.multiple) {
        [...field.options].forEach((option) => { option.selected = values.includes(option.value); });
      } else if (values.length && field.tagName !== 'BUTTON' && field.type !== 'submit') {
        field.value = values[0];
      }
      const details = field.closest('details');
      if (details && values.some(Boolean)) { details.open = true; }
    });
    const note = document.createElement('p');
    note.className = 'warnbox';
    note.setAttribute('role', 'status');
    note.textContent = 'What you typed before you were signed out is back on this page. It is not saved yet.';
    form.prepend(note);
    note.scrollIntoView({ block: 'center' });
  }

  ['input', 'change', 'keydown', 'pointerdown'].forEach((name) => {
    document.addEventListener(name, () => { touched = true; }, { passive: true });
  });
  document.addEventListener('DOMContentLoaded', () => {
    const link = document.getElementById('put-back');
    if (link) { link.hidden = false; }
    if (location.hash === '#kept') {
      fetch(script.dataset.kept, { headers: { Accept: 'application/json' } })
        .then((answer) => answer.json()).then(putBack).catch(() => {});
    }
  });
  if (limit) { setInterval(watch, Math.min(5000, limit / 10)); }
})();
