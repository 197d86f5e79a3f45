// The page beside the television: what is to be seen follows from what the box last said, and from nothing else.

import { fromAddress, takeFragment } from "./bytes.js";
import { Channel } from "./channel.js";
import { Pin } from "./pin.js";
import { read } from "./reading.js";

const WHY = {
  "wrong key": "この番号は、もう使えません。テレビで もう一度 出してください。",
  "used": "ほかのスマホが、先につなぎました。テレビで「いいえ」をえらんでください。",
  "too late": "時間がすぎました。テレビで もう一度 出してください。",
  "not same": "つなぎませんでした。",
  "over": "スマホは、はずされました。この画面は とじてかまいません。",
  "gone": "テレビと つながりませんでした。同じ家のWi-Fiか、見てください。",
  "old": "このスマホでは使えません。ブラウザーを 新しくしてください。",
  "no key": "テレビの四角いしるしを、もう一度 カメラで写してください。",
};
const REFUSED = {
  "here only": "ここは、テレビのリモコンで こたえてください。",
  "role": "このスマホには、まだ ゆるされていません。",
};
const KEYS = {
  ArrowUp: "up", ArrowDown: "down", ArrowLeft: "left", ArrowRight: "right", Escape: "back",
  ...Object.fromEntries([..."0123456789"].map((digit) => [digit, digit])),
};
const SECTIONS = ["wait", "check", "away", "pin", "reading", "pad", "quiet", "over"];

const find = (id) => document.getElementById(id);
let state = null;

const channel = new Channel({ check, said, away: () => show("away"), over });
const pin = new Pin(find("pin"), (typed) => channel.type(state.screen, typed));

function show(...names) {
  const first = SECTIONS.find((name) => names.includes(name));
  const changed = find(first).hidden;
  for (const name of SECTIONS) find(name).hidden = !names.includes(name);
  find("foot").hidden = !state || !names.some((name) => ["pin", "reading", "pad", "quiet"].includes(name));
  if (changed) find(first).querySelector("h1").focus();
}

function check(number) {
  find("number").textContent = `${number.slice(0, 3)} ${number.slice(3)}`;
  show("check");
}

function said(message) {
  if (message.t === "state") stand(message);
  else if (message.t === "taken") note("テレビに入りました。「決定」をおしてください。");
  else note(REFUSED[message.why]);
}

function stand(now) {
  const before = state;
  state = now;
  const { roles, ask, page } = now;
  if (before?.screen !== now.screen) {
    note("");
    if (ask) pin.ask(ask);
    else pin.clear();
  }
  read(page);
  find("near").hidden = !roles.includes("private");
  find("near").setAttribute("aria-pressed", String(now.near));
  find("pad-digits").hidden = Boolean(ask);
  for (const button of document.querySelectorAll('[data-key="ok"], #pad-digits button')) button.disabled = now.here_only;
  const shown = [ask && "pin", page && "reading", roles.includes("remote") && "pad"].filter(Boolean);
  if (document.visibilityState === "visible") show(...(shown.length ? shown : ["quiet"]));
  if (now.here_only) note(REFUSED["here only"]);
}

function over(why) {
  forgetAll();
  find("over-why").textContent = WHY[why] ?? WHY.over;
  show("over");
}

// Nothing that was read or typed stays in a page that nobody looks at.
function forgetAll() {
  state = null;
  pin.clear();
  read(null);
  note("");
  find("number").textContent = "";
}

const note = (text) => { find("note").textContent = text; };

function seen() {
  if (document.visibilityState === "visible") channel.wake();
  else if (channel.admitted && !channel.ended) {
    forgetAll();
    show("away");
    channel.sleep();
  }
}

function pressed(key) {
  note("");
  channel.tell({ t: "key", key });
}

document.addEventListener("visibilitychange", seen);
document.addEventListener("keydown", (event) => {
  if (!state || event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
  if (state.ask && pin.key(event.key)) event.preventDefault();
  else if (event.key in KEYS && state.roles.includes("remote")) {
    event.preventDefault();
    pressed(KEYS[event.key]);
  }
});
find("pad").addEventListener("click", ({ target }) => {
  const key = target.closest("button")?.dataset.key;
  if (key) pressed(key);
});
find("near").addEventListener("click", () => channel.tell({ t: "near", on: !state.near }));
find("forget").addEventListener("click", () => channel.tell({ t: "forget" }));

async function begin() {
  const said = takeFragment();
  if (!said.get("k") || !said.get("s")) return over("no key");
  try {
    await channel.meet(fromAddress(said.get("k")), fromAddress(said.get("s")));
  } catch {
    over("old"); // no X25519 in this browser, or no secure context
  }
}

begin();
