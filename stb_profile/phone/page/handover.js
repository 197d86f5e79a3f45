// One download, opened with the key behind the # of the address.

import { fromAddress, takeFragment, utf8 } from "./bytes.js";

const NONCE = 12;
const find = (id) => document.getElementById(id);
const key = takeFragment().get("k");
const name = location.pathname.split("/").at(-1);

function show(shown) {
  for (const id of ["offer", "taken", "failed"]) find(id).hidden = id !== shown;
  find(shown).querySelector("h1").focus();
}

async function take() {
  find("take").disabled = true;
  try {
    const answer = await fetch(location.pathname, { method: "POST", cache: "no-store" });
    if (!answer.ok) throw new Error("gone");
    const sealed = new Uint8Array(await answer.arrayBuffer());
    const secret = await crypto.subtle.importKey("raw", fromAddress(key), "AES-GCM", false, ["decrypt"]);
    const parameters = { name: "AES-GCM", iv: sealed.slice(0, NONCE), additionalData: utf8(name) };
    const plain = await crypto.subtle.decrypt(parameters, secret, sealed.slice(NONCE));
    find("text").textContent = new TextDecoder().decode(plain);
    find("keep").href = URL.createObjectURL(new Blob([plain], { type: "text/plain;charset=utf-8" }));
    show("taken");
  } catch {
    show("failed");
  }
}

find("take").addEventListener("click", take);
