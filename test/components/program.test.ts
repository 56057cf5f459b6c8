import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { awsAnswers } from "../support/aws-answers";
import { stackFile } from "../support/hub-settings";
import { type RecordedProgram, record } from "../support/recorded-program";
import { isSecret, only } from "../support/wire";

const root = resolve(__dirname, "../..");

describe("index.ts", () => {
  let program: RecordedProgram;
  const environment = { ...process.env };
  beforeAll(async () => {
    pulumi.runtime.setAllConfig({
      "aws:region": "eu-central-1",
      "jupyterhub-eks:domain": "hub.acme.science",
      "jupyterhub-eks:auth": '{"provider":"github","clientId":"Ov","clientSecret":"canary","allowedUsers":["ada"]}',
      "jupyterhub-eks:cluster": '{"publicAccessCidrs":["203.0.113.7/32"]}',
      "jupyterhub-eks:tags": JSON.stringify(stackFile("dev").tags),
    });
    process.env.PULUMI_CONFIG_SECRET_KEYS = '["jupyterhub-eks:auth"]';
    program = await record(async () => ({ ...(await import("../../index.js")) }), { answers: awsAnswers });
  });
  afterAll(() => {
    process.env = environment;
    pulumi.runtime.setAllConfig({});
  });

  test("exports what its users need, and nothing else", () => {
    const { posture, kubeconfig, ...others } = program.outputs;
    expect(others).toEqual({
      hubUrl: "https://hub.acme.science/",
      oauthCallbackUrl: "https://hub.acme.science/hub/oauth_callback",
      loadBalancerAddress: "hub-test-1.eu-central-1.elb.amazonaws.com",
      fixedAddresses: [],
      dnsRecords: [],
      clusterName: "hub-test",
      registryUrl: "123456789012.dkr.ecr.eu-central-1.amazonaws.com/hub-test",
    });
    expect(posture).toMatchObject({ login: "github: users ada; administrators: none named" });
  });

  test("exports the kubeconfig as a secret, and nothing else as one", () => {
    const outputs = program.componentOutputs.get(only(program, "pulumi:pulumi:Stack").urn) ?? {};
    expect(Object.keys(outputs).filter((key) => isSecret(outputs[key]))).toEqual(["kubeconfig"]);
  });

  test("fits on a page", () =>
    expect(readFileSync(resolve(root, "index.ts"), "utf8").split("\n").length).toBeLessThan(50));
});

describe("Pulumi.yaml", () => {
  const project = parse(readFileSync(resolve(root, "Pulumi.yaml"), "utf8"));

  test("names the project, and a program that needs no build", () =>
    expect(project).toMatchObject({
      name: "jupyterhub-eks",
      main: "program.js",
      runtime: { options: { typescript: false } },
    }));

  // Pulumi itself refuses a stack that lacks a declared key without a default; it cannot declare objects of ours.
  test("declares the required scalar key and leaves the rest to the schema", () =>
    expect(Object.entries(project.config)).toEqual([["domain", expect.objectContaining({ type: "string" })]]));
});
