// What the open311 client reads XML with: the Spark convention of Open311, in which elements of one name are a list, and others members by name.
const { DOMParser } = require("@xmldom/xmldom");

const rootOf = (xml) => new DOMParser().parseFromString(xml, "text/xml").documentElement;

const elementsIn = (element) => [...element.childNodes].filter((node) => node.nodeType === node.ELEMENT_NODE);

/** Whether the elements inside are a list, even when there is only one. */
const isList = (inside) => new Set(inside.map((element) => element.tagName)).size === 1;

function spark(element) {
  const inside = elementsIn(element);
  return inside.length === 0 ? element.textContent : isList(inside) ? inside.map(spark) : membersOf(inside, spark);
}

const membersOf = (inside, read) => Object.fromEntries(inside.map((element) => [element.tagName, read(element)]));

function members(element) {
  const inside = elementsIn(element);
  return inside.length === 0 ? element.textContent : membersOf(inside, members);
}

/** Without the name of the outermost element. */
exports.parseXml = (xml) => spark(rootOf(xml));

/** As the package xml2json reads what holds no list. */
exports.toJson = (xml) => membersOf([rootOf(xml)], members);
