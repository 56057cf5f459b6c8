import { identifier } from "../cloud";
import { type Problem, type ResourceType, refuse, type Subject } from "../resource-type";
import { type Properties, valuesAt } from "../wire";
import { certificateType, isIssued } from "./certificates";
import { isApplication } from "./load-balancing";
import { balancerType, targetGroupType } from "./network-tokens";
import { awsType, text } from "./service";

const listenerType = "aws:lb/listener:Listener";

/** Which protocols go together ("Elastic Load Balancing, Target groups"). */
const forwardsTo: Readonly<Record<string, readonly string[]>> = {
  HTTP: ["HTTP", "HTTPS"],
  HTTPS: ["HTTP", "HTTPS"],
  TCP: ["TCP", "TCP_UDP"],
  TLS: ["TCP", "TLS"],
  UDP: ["UDP", "TCP_UDP"],
  TCP_UDP: ["TCP_UDP"],
};

/** What a listener can do depends on the kind of its load balancer. */
function admitProtocol({ inputs, cloud, scope }: Subject): void {
  const balancer = cloud.get(balancerType, scope, inputs.loadBalancerArn);
  if (balancer === undefined) return;
  const application = isApplication(balancer.inputs);
  const protocol = text(inputs, "protocol") || (application ? "HTTP" : "");
  const kind = application ? "application" : "network";
  const fits = application === ["HTTP", "HTTPS"].includes(protocol);
  if (!fits)
    refuse(
      "InvalidConfigurationRequest",
      `Listener protocol '${protocol}' is not supported by load balancers of type '${kind}'`,
    );
  const actions = [inputs.defaultActions ?? []].flat() as Properties[];
  const foreign = actions.find((action) => !application && action.type !== "forward");
  if (foreign) {
    refuse(
      "InvalidLoadBalancerAction",
      `Actions of type '${text(foreign, "type")}' are not supported on load balancers of type 'network'`,
    );
  }
  if (inputs.tcpIdleTimeoutSeconds !== undefined && inputs.tcpIdleTimeoutSeconds !== null && protocol !== "TCP")
    refuse(
      "InvalidConfigurationRequest",
      `Listener attribute 'tcp.idle_timeout.seconds' is not supported for protocol '${protocol}'`,
    );
  for (const { targetGroupArn } of actions) {
    const group = cloud.get(targetGroupType, scope, targetGroupArn);
    if (group && !forwardsTo[protocol]?.includes(text(group.inputs, "protocol"))) {
      refuse(
        "InvalidConfigurationRequest",
        `Listener protocol '${protocol}' is not supported with a target group with the protocol '${text(group.inputs, "protocol")}'`,
      );
    }
  }
}

/** A target group serves one load balancer, in its own VPC. */
function admitTargets({ inputs, cloud, scope }: Subject): void {
  const balancer = cloud.get(balancerType, scope, inputs.loadBalancerArn);
  const listeners = cloud.list(listenerType).filter((other) => other.inputs.loadBalancerArn !== inputs.loadBalancerArn);
  for (const targetGroupArn of valuesAt(inputs, "defaultActions.*.targetGroupArn")) {
    const group = cloud.get(targetGroupType, scope, targetGroupArn);
    if (group !== undefined && balancer !== undefined && group.inputs.vpcId !== balancer.computed.vpcId)
      refuse("InvalidConfigurationRequest", `The target group '${group.id}' is of another VPC than the load balancer`);
    if (listeners.some((other) => valuesAt(other.inputs, "defaultActions.*.targetGroupArn").includes(targetGroupArn)))
      refuse(
        "TargetGroupAssociationLimit",
        `The following target groups cannot be associated with more than one load balancer: ${String(targetGroupArn)}`,
      );
  }
}

/** Policies that the load balancer knows ("Application Load Balancers, security policies", 2026-11-22). */
const securityPolicy =
  /^ELBSecurityPolicy-(2016-08|TLS-1-[012]-(Ext-)?(2015-04|2017-01|2018-06)|FS-.+|TLS13-1-[0123](-FIPS)?(-(Res|Ext[0-2]))?(-PQ)?-20\d\d-\d\d)$/;

function admitListener(subject: Subject): void {
  const { inputs, cloud, scope, id } = subject;
  admitProtocol(subject);
  admitTargets(subject);
  const port = inputs.port;
  const other = cloud.where(listenerType, scope, {
    loadBalancerArn: inputs.loadBalancerArn ?? null,
    port: port ?? null,
  })[0];
  if (other && other.id !== id)
    refuse("DuplicateListener", "A listener already exists on this port for this load balancer");
  const encrypted = ["HTTPS", "TLS"].includes(text(inputs, "protocol"));
  const certificateArn = text(inputs, "certificateArn");
  if (encrypted && !certificateArn)
    refuse("CertificateNotFound", `A certificate must be specified for ${text(inputs, "protocol")} listeners`);
  if (!encrypted && certificateArn)
    refuse("ValidationError", `A certificate cannot be specified for ${text(inputs, "protocol")} listeners`);
  if (certificateArn && certificateArn.split(":")[3] !== scope) {
    refuse(
      "CertificateNotFound",
      `Certificate ARN '${certificateArn}' is not valid: it is of another region than the load balancer (${scope})`,
    );
  }
  const certificate = cloud.where(certificateType, scope, { arn: certificateArn })[0];
  if (certificateArn.startsWith("arn:aws:acm:") && certificate === undefined) {
    refuse("CertificateNotFound", `Certificate '${certificateArn}' not found`);
  }
  if (certificate && !isIssued(cloud, certificate)) {
    refuse(
      "UnsupportedCertificate",
      `The certificate '${certificateArn}' must have a fully-qualified domain name, a supported signature, and a supported key size, and must be issued: its status is PENDING_VALIDATION`,
    );
  }
  const policy = text(inputs, "sslPolicy");
  if (policy && !encrypted)
    refuse("ValidationError", `An SSL policy cannot be specified for ${text(inputs, "protocol")} listeners`);
  if (policy && !securityPolicy.test(policy)) refuse("SSLPolicyNotFound", `SSL policy '${policy}' not found`);
}

function checkActions({ defaultActions }: Properties): Problem[] {
  const actions = (Array.isArray(defaultActions) ? defaultActions : []) as Properties[];
  const lacking = {
    forward: ["targetGroupArn", "forward"],
    redirect: ["redirect"],
    "fixed-response": ["fixedResponse"],
  } as Record<string, string[]>;
  return actions.flatMap((action, index): Problem[] => {
    const needs = lacking[text(action, "type")];
    if (needs === undefined || needs.some((name) => action[name] !== undefined)) return [];
    return [
      {
        property: `defaultActions[${index}]`,
        reason: `an action of type ${text(action, "type")} needs ${needs.join(" or ")}`,
      },
    ];
  });
}

/** What load balancers do with what arrives. */
export const listenerTypes: Readonly<Record<string, ResourceType>> = {
  [listenerType]: awsType({
    service: "ELBv2",
    thing: "Listener",
    id: ({ inputs }) => `${text(inputs, "loadBalancerArn").replace(":loadbalancer/", ":listener/")}/${identifier(16)}`,
    missing: ["ListenerNotFound", (id) => `Listener '${id}' not found`],
    required: ["loadBalancerArn", "defaultActions"],
    check: checkActions,
    // A load balancer that goes takes its listeners along.
    references: {
      loadBalancerArn: { to: balancerType, by: "arn", weak: true },
      "defaultActions.*.targetGroupArn": { to: targetGroupType, by: "arn" },
      "defaultActions.*.forward.targetGroups.*.arn": { to: targetGroupType, by: "arn" },
      // Whether it exists is said in the load balancer's own words.
      certificateArn: { to: certificateType, by: "arn", external: () => true },
    },
    admit: admitListener,
    replaceOn: ["loadBalancerArn", "region"],
    known: ({ protocol, sslPolicy }) =>
      (protocol === "HTTPS" || protocol === "TLS") && !sslPolicy ? { sslPolicy: "ELBSecurityPolicy-2016-08" } : {},
    computed: { arn: ({ id }) => id },
  }),

  "aws:lb/listenerRule:ListenerRule": awsType({
    service: "ELBv2",
    thing: "Rule",
    id: ({ inputs }) => `${text(inputs, "listenerArn").replace(":listener/", ":listener-rule/")}/${identifier(16)}`,
    missing: ["RuleNotFound", (id) => `Rule '${id}' not found`],
    required: ["listenerArn", "actions", "conditions"],
    references: {
      listenerArn: { to: listenerType, by: "arn", weak: true },
      "actions.*.targetGroupArn": { to: targetGroupType, by: "arn" },
    },
    replaceOn: ["listenerArn", "region"],
    computed: { arn: ({ id }) => id },
  }),
};
