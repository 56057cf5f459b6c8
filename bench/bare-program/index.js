const { readFileSync } = require("node:fs");
const pulumi = require("@pulumi/pulumi");

/** The SDK's class for a type token, loaded the way a careful program loads it: one module at a time. */
function classOf(type) {
  const [sdk, module, name] = type.split(":");
  if (sdk === "eks") return require(`@pulumi/eks/${name.toLowerCase()}`)[name];
  if (sdk === "random") return require("@pulumi/random")[name];
  if (sdk === "aws") return require(`@pulumi/aws/${module.split("/")[0]}`)[name];
  if (sdk === "pulumi") return require(`@pulumi/${name}/provider`).Provider;
  const [group, version] = module.split("/");
  return require(`@pulumi/kubernetes/${group.split(".")[0]}/${version}`)[name];
}

const resources = JSON.parse(readFileSync(process.env.BARE_RESOURCES, "utf8"));
let cluster;
resources.forEach(({ type, custom, inputs }, index) => {
  const name = `bare-${index}`;
  const provider = type.startsWith("kubernetes:") ? cluster : undefined;
  if (!custom && !type.startsWith("eks:")) new pulumi.ComponentResource(type, name, inputs);
  else {
    const resource = new (classOf(type))(name, inputs, { provider });
    if (type === "pulumi:providers:kubernetes") cluster = resource;
  }
});
