// A text that is read here and not on the television.

const part = (name) => document.getElementById(`reading-${name}`);

export function read(page) {
  part("title").textContent = page?.title ?? "";
  part("summary").replaceChildren(...(page?.summary ?? []).map((line) => element("li", line)));
  part("facts").replaceChildren(...(page?.facts ?? []).flatMap(([label, value]) => [element("dt", label), element("dd", value)]));
  part("body").textContent = page?.body ?? "";
  for (const name of ["summary", "facts", "body"]) part(name).hidden = !part(name).hasChildNodes();
}

function element(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}
