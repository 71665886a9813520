// Sends a report with the open311 client and finds it again: node complete.mjs DISCOVERY KEY SERVICE FORMAT, where DISCOVERY ends in FORMAT. Says what it got, as JSON.
import { promisify } from "node:util";
import Open311 from "open311";

const [discovery, apiKey, service, format] = process.argv.slice(2);
const client = new Open311({ discovery, apiKey, format });
const call = (name, ...given) => promisify(client[name]).apply(client, given);

const found = await call("serviceDiscovery", { cache: true });
client.format = format; // The client takes JSON wherever there is any.
const services = await call("serviceList");
const definition = await call("serviceDefinition", service);
const [sent] = await call("submitRequest", {
  service_code: service, lat: 50.85, long: 4.35, description: "Sac déchiré <b>& trempé</b>", email: "resident@example.org", attributes: { colour: "blue" },
});
const [request] = await call("serviceRequest", sent.service_request_id);
const [listed] = await call("serviceRequests", [sent.service_request_id]);
console.log(JSON.stringify({ found, services, definition, sent, request, listed }));
