// The plans of all bodies, made before any is rewritten. Enters: a module whose outside is valid. Leaves: for each body
// its plan of fuel, its weight and the places where NaNs become canonical. Always holds: every body is valid and small
// enough for a compiler; a body's plan depends on that body alone.
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
        var cost = 0.0;
        for (var i = 0; i < plans.Length; i++)
        {
            var body = module.Bodies[i];
            var code = new FunctionCode();
            decoder.Decode(body, code);
            var facts = validator.Validate(i, code);
            var fuel = new FuelPlan();
            fuel.Prepare(code, facts.Locals);
            var weight = FrameWeight.Of(facts.Locals, facts.Operands, body.End - body.Start);
            plans[i] = new BodyPlan(code, fuel, validator.Canonical.ToArray(), weight);
            cost += CompileCost(plans[i], facts);
            if (cost > limits.CompileCost)
                throw TooCostly(cost, outside.Spaces.ImportedFunctions + i, limits);
        }

        return plans;
    }

    private static WasmException TooCostly(double cost, int function, MeterLimits limits) => new(
        WasmErrorKind.Limit,
        $"expected at most {limits.CompileCost} for the sum of blocks squared times locals and operands, "
        + $"found {cost:f0} up to function {function}");

    /// <summary>
    /// Counts the meter's own blocks too, and of a br_table the labels, not how often it names each; no sum of 64 bits
    /// could hold the worst.
    /// </summary>
    private static double CompileCost(BodyPlan plan, BodyFacts facts)
    {
        double blocks = 1;
        var labels = new HashSet<uint>();
        for (var i = 0; i < plan.Code.Instructions.Count; i++)
        {
            blocks += plan.Code.Instructions[i].Opcode switch
            {
                Opcode.Block or Opcode.Loop or Opcode.If or Opcode.Else or Opcode.BrIf => 1,
                Opcode.MemoryGrow or Opcode.TableGrow => 3,
                >= Opcode.MemoryInit and <= Opcode.TableFill => 1,
                _ => 0,
            };
            if (plan.Code.Instructions[i] is { Opcode: Opcode.BrTable } table)
            {
                labels.Clear();
                labels.UnionWith(plan.Code.Targets.GetRange(table.Index, (int)table.B + 1));
                blocks += labels.Count;
            }

            if (plan.Canonical[i] is Nans.F32 or Nans.F64)
                blocks++;
            if (plan.Fuel.ChargeAt(i) > 0)
                blocks++;
        }

        return blocks * blocks * (1 + facts.Locals + facts.Operands);
    }
}
