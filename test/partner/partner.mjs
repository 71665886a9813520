// The system of a body, written from the description of the partner protocol alone: checks the signature, fetches the photos, and answers with calls of its own. Needs Node.js and no package.
// node partner.mjs PORT SECRET KEY PHOTO: one line of JSON for each call that it gets.
import { createServer } from "node:http";
import { createHmac, timingSafeEqual } from "node:crypto";
import { readFileSync } from "node:fs";

const [port, secret, key, photo] = process.argv.slice(2);
const here = `http://127.0.0.1:${port}`;

function isGenuine(signature, body) {
  const parts = signature.split(",").map((part) => part.split("="));
  const time = parts.find(([name]) => name === "t")[1];
  const expected = createHmac("sha256", secret).update(`${time}.`).update(body).digest();
  return Math.abs(Date.now() / 1000 - time) <= 300
    && parts.some(([name, hex]) => name === "v1" && hex.length === 64 && timingSafeEqual(Buffer.from(hex, "hex"), expected));
}

async function answer(report, call, body) {
  const said = await fetch(`${report.partnerUrl}/${call}`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Authorization: `Bearer ${key}`, "Idempotency-Key": `${call}-${report.id}` },
    body: JSON.stringify(body),
  });
  return `${call} ${said.status}`;
}

async function work(report) {
  const photos = await Promise.all(report.photos.map(async (url) => (await fetch(url)).headers.get("content-type")));
  const did = report.description.includes("pas à nous")
    ? [await answer(report, "reject", { reason: "notOurRoad" })]
    : [
        await answer(report, "register", { reference: "W-17" }),
        await answer(report, "accept", {}),
        await answer(report, "close", { outcome: "resolved", text: { fr: "Fait", nl: "Klaar" }, photos: [`${here}/photo.jpg`] }),
      ];
  return { photos, did };
}

let last = Promise.resolve(); // What comes while it works is told afterwards.
const server = createServer(async (request, response) => {
  if (request.url === "/photo.jpg") {
    response.writeHead(200, { "Content-Type": "image/jpeg" }).end(readFileSync(photo));
    return;
  }
  const chunks = [];
  for await (const chunk of request) {
    chunks.push(chunk);
  }
  const body = Buffer.concat(chunks);
  const good = isGenuine(request.headers["zinneke-signature"] ?? "", body);
  response.writeHead(good ? 204 : 401).end();
  const { type, report } = JSON.parse(body);
  last = last.then(async () => console.log(JSON.stringify({ type, good, number: report.number, ...(type === "report.assigned" ? await work(report) : {}) })));
});
server.listen(Number(port), "127.0.0.1", () => console.log(JSON.stringify({ listens: here })));
