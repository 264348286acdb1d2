// What is known of every body before any is rewritten. Enters: a module whose outside is valid. Leaves: for each body
// its plan of fuel, its weight and where NaNs become canonical. Always holds: every body is valid and small enough for
// a compiler; a body's plan depends on that body alone.
using EventSourced.Metering.Binary;
using EventSourced.Metering.Validation;

namespace EventSourced.Metering.Rewriting;

/// <summary>The plan of one body.</summary>
internal sealed record BodyPlan(FunctionCode Code, FuelPlan Fuel, Nans[] Canonical, int Weight)
{
    /// <summary>Whether a call of it takes depth: a small leaf is covered by its caller's.</summary>
    public bool TakesDepth => Fuel.HasCall || Weight > FrameWeight.FreeLeaf;

    /// <summary>Whether the fuel is kept in a local while it runs.</summary>
    public bool KeepsFuel => Fuel.HasLoop && Fuel.TakesFuel;
}

internal static class ModulePlans
{
    public static BodyPlan[] Of(ModuleDefinition module, ModuleValidator outside, MeterLimits limits)
    {
        var decoder = new InstructionDecoder(module, limits);
        var validator = new FunctionValidator(module, outside.Spaces, outside.Referred, limits);
        var plans = new BodyPlan[module.Bodies.Count];
        for (var i = 0; i < plans.Length; i++)
        {
            var body = module.Bodies[i];
            var code = new FunctionCode();
            decoder.Decode(body, code);
            var facts = validator.Validate(i, code);
            CheckBlocks(code, facts, outside.Spaces.ImportedFunctions + i, limits);
            var fuel = new FuelPlan();
            fuel.Prepare(code, facts.Locals);
            var weight = FrameWeight.Of(facts.Locals, facts.Operands, body.End - body.Start);
            plans[i] = new BodyPlan(code, fuel, validator.Canonical.ToArray(), weight);
        }

        return plans;
    }

    private static void CheckBlocks(FunctionCode code, BodyFacts facts, int function, MeterLimits limits)
    {
        var blocks = 1L + code.Targets.Count;
        foreach (var instruction in code.Instructions)
        {
            if (instruction.Opcode is Opcode.Block or Opcode.Loop or Opcode.If or Opcode.Else or Opcode.BrIf)
                blocks++;
        }

        var product = blocks * (facts.Locals + facts.Operands);
        if (product > limits.BlocksTimesValues)
        {
            throw new WasmException(
                WasmErrorKind.Limit,
                $"expected at most {limits.BlocksTimesValues} for blocks times locals and operands, "
                + $"found {product}, in function {function}");
        }
    }
}
