import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { crossguardPolicies } from "../../policies/adapters/crossguard";
import { controls } from "../../policies/controls";
import { unknownText } from "./support";

// The SDK's own server functions, fed with the engine's messages: what they make of our reports is what the engine shows.
const require = createRequire(__filename);
const { makeAnalyzeRpcFun, makeAnalyzeStackRpcFun } = require("@pulumi/policy/server");
const messages = require("@pulumi/pulumi/proto/analyzer_pb");
const { Struct } = require("google-protobuf/google/protobuf/struct_pb.js");

const advisory = messages.EnforcementLevel.ADVISORY;
const mandatory = messages.EnforcementLevel.MANDATORY;

interface Shown {
  readonly policyname: string;
  readonly enforcementlevel: number;
  readonly message: string;
}

function filled(message: Message, values: object): Message {
  message.setType("kubernetes:helm.sh/v3:Release");
  message.setUrn("urn:pulumi:dev::demo::kubernetes:helm.sh/v3:Release::hub");
  message.setName("hub");
  message.setOptions(new messages.AnalyzerResourceOptions());
  const repositoryOpts = { repo: "https://hub.jupyter.org/helm-chart/" };
  message.setProperties(Struct.fromJavaScript({ chart: "jupyterhub", version: "4.4.0", repositoryOpts, values }));
  return message;
}

type Message = Record<"setType" | "setUrn" | "setName" | "setOptions" | "setProperties", (value: unknown) => void>;

function call(rpc: (request: object, answer: (error: unknown, response: unknown) => void) => void, request: object) {
  return new Promise<Shown[]>((resolve, reject) => {
    rpc({ request }, (error, response) =>
      error
        ? reject(error)
        : resolve((response as { toObject(): { diagnosticsList: Shown[] } }).toObject().diagnosticsList),
    );
  });
}

test("reports reach the engine at the level they are meant for", async () => {
  const policies = crossguardPolicies(controls);
  const values = { rbac: { create: false }, hub: { cookieSecret: unknownText } };
  const analyze = makeAnalyzeRpcFun("pack", "1.0.0", "mandatory", policies);
  const early = await call(analyze, filled(new messages.AnalyzeRequest(), values));
  const level = (shown: Shown[], policy: string) =>
    shown.find(({ policyname }) => policyname === policy)?.enforcementlevel;
  expect(level(early, "rbac-enabled")).toBe(mandatory);
  expect(level(early, "login-is-real")).toBe(mandatory);
  expect(level(early, "cookie-secret-strong")).toBeUndefined();

  const stack = new messages.AnalyzeStackRequest();
  // Outputs of a release on a cluster that does not exist yet: none of its values.
  stack.setResourcesList([filled(new messages.AnalyzerResource(), {})]);
  const late = await call(makeAnalyzeStackRpcFun("pack", "1.0.0", "mandatory", policies), stack);
  expect(level(late, "cookie-secret-strong")).toBe(advisory);
  expect(late.find(({ policyname }) => policyname === "cookie-secret-strong")?.message).toContain("hub.cookieSecret");
  expect(level(late, "rbac-enabled")).toBeUndefined();
});
