import fc from "fast-check";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { describe, expect, it } from "vitest";
import * as wire from "../../../local-cloud/cloud/wire";

const key = fc.stringMatching(/^[a-z]{1,6}$/);
const { value } = fc.letrec<{ value: wire.Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom(null, true, false),
    fc.integer(),
    fc.string(),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(key, tie("value"), { maxKeys: 3 }),
    tie("value").map(wire.secret),
  ),
}));
const properties = fc.dictionary(key, value, { maxKeys: 4 });

describe("property values on the wire", () => {
  it("survive the protocol's own encoding", () => {
    fc.assert(
      fc.property(properties, (each) => {
        const encoded = Struct.fromJavaScript(each as Parameters<typeof Struct.fromJavaScript>[0]).serializeBinary();
        expect(Struct.deserializeBinary(encoded).toJavaScript()).toEqual(JSON.parse(JSON.stringify(each)));
      }),
    );
  });

  it("hold no secret once revealed, and revealing changes nothing else", () => {
    fc.assert(
      fc.property(value, (each) => {
        const open = wire.reveal(each);
        expect(wire.containsSecret(open)).toBe(false);
        expect(wire.reveal(open)).toEqual(open);
        expect(wire.reveal(wire.secret(each))).toEqual(open);
      }),
    );
  });

  it("are marked secret once only", () => {
    fc.assert(
      fc.property(value, (each) => {
        expect(wire.secret(wire.secret(each))).toEqual(wire.secret(each));
      }),
    );
  });

  it("are found where they were put, and what was secret stays secret", () => {
    fc.assert(
      fc.property(properties, key, key, (each, first, second) => {
        const base = { ...each, [first]: {} };
        const changed = wire.withValueAt(base, `${first}.${second}`, "put");
        expect(wire.valueAt(changed, `${first}.${second}`)).toBe("put");
        const sealed = wire.withValueAt({ ...each, [first]: wire.secret({}) }, `${first}.${second}`, "put");
        expect(wire.isSecret(sealed[first])).toBe(true);
        expect(wire.valueAt(sealed, `${first}.${second}`)).toBe("put");
      }),
    );
  });

  it("taint what is computed from them", () => {
    expect(wire.lift(["a", "b"], (a, b) => `${a}${b}`)).toBe("ab");
    expect(wire.lift(["a", wire.secret("b")], (a, b) => `${a}${b}`)).toEqual(wire.secret("ab"));
    expect(wire.lift(["a", { deep: [wire.unknown] }], () => "computed")).toBe(wire.unknown);
    expect(wire.lift([wire.secret(wire.unknown)], () => "computed")).toEqual(wire.secret(wire.unknown));
  });

  it("lose their references: a resource becomes its id, an output its value", () => {
    const signature = "4dabf18193072939515e22adb298388d";
    const output = { [signature]: "d0e6a833031e9bbcd3f4e8bde6ca49a4" };
    expect(
      wire.resolveReferences({
        known: wire.reference("urn:x", "id-1"),
        previewed: wire.reference("urn:x", wire.unknown),
        output: { ...output, value: wire.reference("urn:y", "id-2"), dependencies: [] },
        secretOutput: { ...output, value: "s", secret: true },
        unknownOutput: output,
      }),
    ).toEqual({
      known: "id-1",
      previewed: wire.unknown,
      output: "id-2",
      secretOutput: wire.secret("s"),
      unknownOutput: wire.unknown,
    });
  });

  it("are listed along a path with stars, leaving out what is unknown or absent", () => {
    const actions = [{ arn: "a" }, { arn: wire.unknown }, {}, { arn: "b" }];
    expect(wire.valuesAt({ actions }, "actions.*.arn")).toEqual(["a", "b"]);
    expect(wire.valuesAt({ actions: wire.secret(actions) }, "actions.*.arn")).toEqual(["a", "b"]);
    expect(wire.valuesAt({ actions: wire.unknown }, "actions.*.arn")).toEqual([]);
  });
});
