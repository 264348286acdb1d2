// A policy is a module by hash with a tiny ABI: allocate(length) -> address, evaluate(address, length) -> address and
// length of the decision in the upper and lower 32 bits, and its memory; it imports nothing. Enters: input JSON.
// Leaves: a decision. Always holds: each evaluation has an instance of its own, so the decision follows from module
// and input alone; whatever goes wrong inside decides against.
namespace EventSourced.Wasm.Policies;

/// <summary>One policy module, ready to decide; safe to use from many threads.</summary>
public sealed class Policy
{
    private readonly Engine _engine;
    private readonly Module _module;
    private readonly PolicyLimits _limits;

    private Policy(Engine engine, Module module, PolicyLimits limits)
    {
        _engine = engine;
        _module = module;
        _limits = limits;
    }

    /// <summary>The SHA-256 of the module in hex: the policy's name.</summary>
    public string Hash => _module.Hash;

    /// <summary>Compiles a policy; throws where the module does not keep the ABI.</summary>
    public static Policy Load(Engine engine, ReadOnlySpan<byte> module, PolicyLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(engine);
        var compiled = Module.FromBytes(engine, "policy", module);
        if (compiled.Imports.Count > 0)
        {
            throw new WasmException(
                WasmErrorKind.Unlinkable, $"expected a policy without imports, found {compiled.Imports.Count}");
        }

        var policy = new Policy(engine, compiled, limits ?? new PolicyLimits());
        foreach (var name in (string[])["memory", "allocate", "evaluate"])
        {
            if (compiled.Exports.All(export => export.Name != name))
            {
                throw new WasmException(
                    WasmErrorKind.Unlinkable, $"expected a policy that exports '{name}', found none");
            }
        }

        return policy;
    }

    /// <summary>Decides about an input, which is JSON in UTF-8.</summary>
    public PolicyDecision Evaluate(ReadOnlySpan<byte> input, CancellationToken cancellation = default)
    {
        if (input.Length > _limits.InputBytes)
        {
            return PolicyDecision.Failed(
                $"expected at most {_limits.InputBytes} bytes of input, found {input.Length}", 0);
        }

        using var store = new Store(_engine) { Fuel = _limits.Fuel, CancellationToken = cancellation };
        store.SetLimits(memorySize: _limits.MemoryBytes, instances: 1, memories: 1, tables: 8);
        store.SetCallDepth(Math.Min(_limits.CallDepth, _engine.Limits.CallDepth));
        try
        {
            return Decide(new Instance(store, _module), store, input);
        }
        catch (TrapException trap) when (trap.Type == TrapCode.Interrupt)
        {
            throw new OperationCanceledException("the evaluation was cancelled", trap, cancellation);
        }
        catch (WasmException failure)
        {
            return PolicyDecision.Failed(failure.Message, _limits.Fuel - store.Fuel);
        }
    }

    private PolicyDecision Decide(Instance instance, Store store, ReadOnlySpan<byte> input)
    {
        var (memory, allocate, evaluate) = (
            instance.GetMemory("memory"),
            instance.GetFunction<int, int>("allocate"),
            instance.GetFunction<int, int, long>("evaluate"));
        if (memory is null || allocate is null || evaluate is null)
        {
            return PolicyDecision.Failed(
                "expected allocate(i32) -> i32 and evaluate(i32 i32) -> i64, found other types", 0);
        }

        var address = allocate(input.Length);
        if (address == 0 || (uint)address + (long)input.Length > memory.GetLength())
            return PolicyDecision.Failed($"expected room for {input.Length} bytes, found none", Used(store));
        input.CopyTo(memory.GetSpan((uint)address, input.Length));
        var answer = (ulong)evaluate(address, input.Length);
        var (from, length) = (answer >> 32, (uint)answer);
        if (length > (uint)_limits.DecisionBytes || from + length > (ulong)memory.GetLength())
        {
            return PolicyDecision.Failed(
                $"expected a decision of at most {_limits.DecisionBytes} bytes in memory, found {length} at {from}",
                Used(store));
        }

        return PolicyDecision.Parse(memory.GetSpan((long)from, (int)length).ToArray(), Used(store));
    }

    private ulong Used(Store store) => _limits.Fuel - store.Fuel;
}
