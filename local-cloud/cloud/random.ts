import * as crypto from "node:crypto";
import randomPackage from "@pulumi/random/package.json";
import type { Provider } from "./provider";
import { type Problem, Refusal, type ResourceType, type Subject } from "./resource-type";
import type { Properties, Value } from "./wire";

const replaceOn = [
  "byteLength",
  "keepers",
  "length",
  "lower",
  "minLower",
  "minNumeric",
  "minSpecial",
  "minUpper",
  "number",
  "numeric",
  "overrideSpecial",
  "prefix",
  "special",
  "upper",
];

const checkLength =
  (property: string) =>
  (inputs: Properties): Problem[] => {
    const value = inputs[property];
    return typeof value !== "number" || (Number.isInteger(value) && value >= 1)
      ? []
      : [{ property, reason: `Attribute ${property} value must be at least 1, got: ${value}` }];
  };

/** Values that the provider makes up: they live in Pulumi's state and nowhere else. */
const randomType = (definition: Partial<ResourceType>): ResourceType => ({
  id: () => "none",
  scope: () => "",
  ephemeral: true,
  replaceOn,
  missing: (name) => new Refusal("NotFound", name),
  describe: (operation, subject, refusal) => `${operation} ${subject}: ${refusal.message}`,
  ...definition,
});

/** One draw for all the outputs of one resource. */
function drawnOnce<T>(draw: (inputs: Properties) => T): (subject: Subject) => T {
  const drawn = new WeakMap<Subject, T>();
  return (subject) => {
    const value = drawn.get(subject) ?? draw(subject.inputs);
    drawn.set(subject, value);
    return value;
  };
}

const secretBytes = drawnOnce((inputs) => crypto.randomBytes(Number(inputs.length)));

/** The bytes that an id stands for: such values are no secrets. */
const bytesOf = ({ id }: Subject): Buffer => Buffer.from(id, "base64url");

const classes = { lower: "abcdefghijklmnopqrstuvwxyz", upper: "ABCDEFGHIJKLMNOPQRSTUVWXYZ", numeric: "0123456789" };

function randomText(inputs: Properties): string {
  const special = typeof inputs.overrideSpecial === "string" ? inputs.overrideSpecial : "!@#$%&*()-_=+[]{}<>:?";
  const sets = { ...classes, special };
  const pick = (set: string) => set.charAt(crypto.randomInt(set.length));
  const allowed = Object.entries(sets).filter(([name]) => inputs[name] !== false);
  const least = allowed.flatMap(([name, set]) => {
    const wanted = Number(inputs[`min${name.charAt(0).toUpperCase()}${name.slice(1)}`] ?? 0);
    return Array.from({ length: wanted }, () => pick(set));
  });
  const alphabet = allowed.map(([, set]) => set).join("");
  const rest = Array.from({ length: Math.max(0, Number(inputs.length) - least.length) }, () => pick(alphabet));
  return shuffled([...least, ...rest]).join("");
}

function shuffled<T>(items: T[]): T[] {
  return items
    .map((item) => ({ item, order: crypto.randomBytes(6).readUIntBE(0, 6) }))
    .sort((a, b) => a.order - b.order)
    .map(({ item }) => item);
}

const text = { required: ["length"], check: checkLength("length") };
const result = { result: ({ id }: Subject): Value => id };

const types: Readonly<Record<string, ResourceType>> = {
  "random:index/randomBytes:RandomBytes": randomType({
    required: ["length"],
    check: checkLength("length"),
    computed: {
      base64: (subject) => secretBytes(subject).toString("base64"),
      hex: (subject) => secretBytes(subject).toString("hex"),
    },
    secretOutputs: ["base64", "hex"],
  }),
  "random:index/randomId:RandomId": randomType({
    required: ["byteLength"],
    check: checkLength("byteLength"),
    id: ({ inputs }) => crypto.randomBytes(Number(inputs.byteLength)).toString("base64url"),
    computed: {
      b64Std: (subject) => `${subject.inputs.prefix ?? ""}${bytesOf(subject).toString("base64")}`,
      b64Url: (subject) => `${subject.inputs.prefix ?? ""}${subject.id}`,
      dec: (subject) => `${subject.inputs.prefix ?? ""}${BigInt(`0x${bytesOf(subject).toString("hex")}`)}`,
      hex: (subject) => `${subject.inputs.prefix ?? ""}${bytesOf(subject).toString("hex")}`,
    },
  }),
  "random:index/randomPassword:RandomPassword": randomType({
    ...text,
    computed: { result: drawnOnce(randomText) },
    secretOutputs: ["result"],
  }),
  "random:index/randomString:RandomString": randomType({
    ...text,
    id: ({ inputs }) => randomText(inputs),
    computed: result,
  }),
  "random:index/randomUuid:RandomUuid": randomType({ id: () => crypto.randomUUID(), computed: result }),
};

/** Stands in for the random provider; what it makes is as random as the real thing. */
export const random: Provider = {
  name: "random",
  version: randomPackage.version,
  typeOf: (token) => types[token],
  functions: {},
};
