import * as pulumi from "@pulumi/pulumi";
import { afterEach, describe, expect, test, vi } from "vitest";
import { AddressRecords, type AddressRecordsArgs } from "../../components";
import { record } from "../support/recorded-program";
import { all, inputsOf, only } from "../support/wire";

const recordType = "aws:route53/record:Record";
const address = "hub-1.eu-central-1.elb.amazonaws.com";
const host = "hub.acme.science";
const zone = { id: "Z1", name: "acme.science" };

const recorded = (args: AddressRecordsArgs, options: { preview?: boolean } = {}) =>
  record(() => ({ records: new AddressRecords("hub", args).records }), options);

afterEach(() => vi.restoreAllMocks());

describe("to a load balancer of ours", () => {
  const target = { address, zoneId: "Z215JYRZR1TBD5" };

  test("the host name is an alias", async () => {
    const program = await recorded({ domain: { host, zone }, target });
    expect(all(program, recordType)).toHaveLength(1);
    expect(inputsOf(program, recordType)).toMatchObject({
      zoneId: "Z1",
      name: host,
      type: "A",
      aliases: [{ name: address, zoneId: "Z215JYRZR1TBD5", evaluateTargetHealth: false }],
    });
    expect(program.outputs.records).toEqual([]);
  });

  test("so are the names below it, where users have sub-domains", async () => {
    const program = await recorded({ domain: { host, zone, subdomains: true }, target });
    expect(all(program, recordType).map(({ name, inputs }) => [name, inputs.name, inputs.type])).toEqual([
      ["hub", host, "A"],
      ["hub-wildcard", `*.${host}`, "A"],
    ]);
  });

  test("also at the top of a zone, where no CNAME could be", async () => {
    const program = await recorded({ domain: { host: "acme.science", zone }, target });
    expect(inputsOf(program, recordType)).toMatchObject({ name: "acme.science", type: "A" });
  });
});

describe("to somebody else's host name", () => {
  test("the host name is a CNAME", async () => {
    const program = await recorded({ domain: { host, zone }, target: { address } });
    expect(inputsOf(program, recordType)).toEqual({
      zoneId: "Z1",
      name: host,
      type: "CNAME",
      ttl: 300,
      records: [address],
    });
  });

  test.each([true, false])("the top of a zone is refused (preview: %s)", async (preview) =>
    expect(recorded({ domain: { host: "acme.science", zone }, target: { address } }, { preview })).rejects.toThrow(
      /acme\.science is the top of its zone, which can hold no CNAME.*for example hub\.acme\.science/,
    ),
  );
});

describe("a domain that is hosted elsewhere", () => {
  const target = { address, zoneId: "Z215JYRZR1TBD5" };
  const said = () => vi.spyOn(pulumi.log, "info").mockResolvedValue();

  test("gets no record; its owner is told which to create", async () => {
    const info = said();
    const program = await recorded({ domain: { host, subdomains: true }, target });
    expect(all(program, recordType)).toEqual([]);
    expect(program.outputs.records).toEqual([
      { name: host, type: "CNAME", value: address, purpose: "leads people to the hub" },
      { name: `*.${host}`, type: "CNAME", value: address, purpose: "leads users to their sub-domains" },
    ]);
    expect(info.mock.calls.map(([message]) => message)).toEqual([
      `Create where the domain is hosted: ${host} CNAME ${address} (leads people to the hub)`,
      `Create where the domain is hosted: *.${host} CNAME ${address} (leads users to their sub-domains)`,
    ]);
  });

  test("is not spoken of by a preview", async () => {
    const info = said();
    await recorded({ domain: { host }, target }, { preview: true });
    expect(info).not.toHaveBeenCalled();
  });
});

test("of components only the parts that are needed become inputs", async () => {
  const more = { more: () => "no input" };
  const program = await recorded({
    domain: { host, zone: { ...zone, ...more }, ...more },
    target: { address, ...more },
  });
  expect(only(program, "jupyterhub-eks:index:AddressRecords").inputs).toEqual({
    domain: { host, zone },
    target: { address },
  });
});
