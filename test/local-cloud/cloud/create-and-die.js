// Starts a local cloud that dies half-way through making a repository, and asks it for one.
const loadTypeScript = require("../../../load-typescript.js");
const load = loadTypeScript(__filename);
const { startCloud } = load("../../../local-cloud/cloud/index.ts");
const grpc = require("@grpc/grpc-js");
const { ResourceProviderClient } = require("@pulumi/pulumi/proto/provider_grpc_pb");
const messages = require("@pulumi/pulumi/proto/provider_pb");
const { Struct } = require("google-protobuf/google/protobuf/struct_pb");

const type = "aws:ecr/repository:Repository";
const faults = [{ type, operation: "create", action: "die", after: true }];

startCloud({ statePath: process.argv[2], faults }).then(({ debugProviders }) => {
  const port = /aws:(\d+)/.exec(debugProviders)[1];
  const client = new ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
  const configure = new messages.ConfigureRequest().setArgs(Struct.fromJavaScript({ region: "eu-central-1" }));
  const create = new messages.CreateRequest()
    .setUrn(`urn:pulumi:dev::test::${type}::r`)
    .setProperties(Struct.fromJavaScript({ name: "half-made" }));
  client.configure(configure, () => client.create(create, () => process.exit(1)));
});
