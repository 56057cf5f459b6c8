import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseArguments } from "../../local-cloud/arguments";

const line = (text: string) => parseArguments(text.split(" ").filter((word) => word !== ""));

describe("the stack, the folder and the config file of a command line", () => {
  it.each([
    ["up --stack prod", "prod"],
    ["up --stack=prod", "prod"],
    ["up -s prod", "prod"],
    ["up -sprod", "prod"],
    ["up -ys prod", "prod"],
    ["-C there up -s prod", "prod"],
    ["up --yes", undefined],
    ["preview --suppress-outputs", undefined],
    ["config set colour --secret", undefined],
    ["up -- --stack prod", undefined],
  ])("pulumi %s: stack %s", (text, stack) => {
    expect(line(text).stack).toBe(stack);
  });

  it.each([
    ["-C there up", "there", ["up"]],
    ["-Cthere up", "there", ["up"]],
    ["up --cwd=there --yes", "there", ["up", "--yes"]],
    ["up --cwd there --yes", "there", ["up", "--yes"]],
    ["up --config-file mine.yaml -s a", undefined, ["up", "--stack", "a"]],
  ])("pulumi %s: folder %s", (text, cwd, rest) => {
    expect(line(text)).toMatchObject({ rest });
    expect(line(text).cwd).toBe(cwd);
  });

  it("reads the config file", () => {
    expect(line("up --config-file=mine.yaml").configFile).toBe("mine.yaml");
  });

  it("leaves every other argument where and as it is", () => {
    const other = fc.stringMatching(/^(--[a-z]{3,8}(=[a-z/.]{1,5})?|[a-z/.:=]{1,8}|-[yfd])$/);
    const known = /^--(cwd|stack|config-file)/;
    fc.assert(
      fc.property(fc.array(other.filter((argument) => !known.test(argument))), (argv) => {
        expect(parseArguments(argv).rest).toEqual(argv);
      }),
    );
  });
});

describe("help", () => {
  it.each(["", "--help", "up -h", "stack rm --help", "help up"])("pulumi %s asks for it", (text) => {
    expect(line(text).asksForHelp).toBe(true);
  });

  it.each(["up", "config set help me"])("pulumi %s does not", (text) => {
    expect(line(text).asksForHelp).toBe(false);
  });
});

describe("commands", () => {
  it.each(["up", "update", "preview", "pre", "destroy", "down", "refresh", "import", "watch"])(
    "%s calls providers, creates its stack, and takes a config file",
    (name) => {
      expect(line(`--color never ${name} --yes`).command).toEqual({
        length: 3,
        usesStack: true,
        takesConfigFile: true,
        callsProviders: true,
        runsInCopy: false,
      });
    },
  );

  it.each(["stack init x", "stack rm", "stack rename x", "stack select x -c", "stack unselect"])(
    "%s must not touch the project folder",
    (text) => {
      expect(line(text).command.runsInCopy).toBe(true);
    },
  );

  it.each(["stack init x", "stack rm x", "stack ls", "version", "whoami", "plugin ls"])(
    "%s creates no stack",
    (text) => {
      expect(line(text).command.usesStack).toBe(false);
    },
  );

  it.each(["stack output", "stack export", "state delete urn", "stack", "config get key", "config --show-secrets"])(
    "%s works on a stack and needs no provider",
    (text) => {
      expect(line(text).command).toMatchObject({ usesStack: true, callsProviders: false });
    },
  );
});
