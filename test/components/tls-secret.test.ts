import * as pulumi from "@pulumi/pulumi";
import { afterEach, describe, expect, test, vi } from "vitest";
import { TlsSecret, type TlsSecretArgs } from "../../components";
import { makeCertificate } from "../support/certificates";
import { recordInCluster } from "../support/in-cluster";
import { inputsOf, isSecret, only, readableText } from "../support/wire";

const host = "hub.acme.science";
const own = makeCertificate({ names: [host] });
const secretType = "kubernetes:core/v1:Secret";

const recorded = (changes: Partial<TlsSecretArgs> = {}, options: { preview?: boolean } = {}) =>
  recordInCluster(
    (provider) => ({
      secretName: new TlsSecret("hub", { host, namespace: "lab", ...own, ...changes }, { provider }).secretName,
    }),
    options,
  );

afterEach(() => vi.restoreAllMocks());

test("certificate and key become a Secret of the kind that Kubernetes has for them, which never changes", async () => {
  const program = await recorded();
  const inputs = inputsOf(program, secretType);
  expect(inputs).toMatchObject({
    type: "kubernetes.io/tls",
    immutable: true,
    metadata: { namespace: "lab" },
    stringData: { "tls.crt": own.certificate, "tls.key": own.key },
  });
  expect(program.outputs.secretName).toBe(inputs.metadata.name);
});

test("the key is readable nowhere, although it was handed over in plain text", async () => {
  const { registrations } = await recorded();
  for (const { inputs } of registrations) expect(readableText(inputs).join("\n")).not.toContain(own.key.split("\n")[1]);
  const { stringData } = only({ registrations }, secretType).inputs as { stringData: Record<string, unknown> };
  expect(isSecret(stringData) || isSecret(stringData["tls.key"])).toBe(true);
});

test("another certificate gets another Secret", async () => {
  const name = async (changes: Partial<TlsSecretArgs>) => (await recorded(changes)).outputs.secretName;
  const renewed = makeCertificate({ names: [host] });
  expect(await name(renewed)).not.toBe(await name({}));
  expect(await name({})).toBe(await name({}));
});

describe.each([true, false])("what cannot serve is refused (preview: %s)", (preview) => {
  test.each<[what: string, changes: Partial<TlsSecretArgs>, words: RegExp]>([
    ["another host", { host: "lab.acme.science" }, /https\.certificate: that is a certificate for hub\.acme\.science/],
    ["sub-domains that it does not cover", { subdomains: true }, /https\.certificate: .*expected one for hub\.acme/],
    ["the key of another", { key: makeCertificate({ names: [host] }).key }, /https\.key: that is the key of another/],
    ["an output", { certificate: pulumi.output("hello") }, /https\.certificate: that holds no certificate/],
  ])("%s", async (_, changes, words) => expect(recorded(changes, { preview })).rejects.toThrow(words));
});

describe("the last 30 days", () => {
  test.each([
    [10, 1],
    [60, 0],
  ])("a certificate for %s more days leads to %s warnings", async (days, warnings) => {
    const warn = vi.spyOn(pulumi.log, "warn").mockResolvedValue();
    await recorded(makeCertificate({ names: [host], days }));
    expect(warn).toHaveBeenCalledTimes(warnings);
  });
});
