// A policy is a module by hash with a tiny ABI: allocate(length) -> address, evaluate(address, length) -> address and
// length of the decision in the upper and lower 32 bits, and its memory; it imports nothing. Enters: input JSON.
// Leaves: a decision. Always holds: each evaluation has an instance of its own, so the decision follows from module
// and input alone; whatever goes wrong inside decides against.
using EventSourced.Metering;
using EventSourced.Sandbox.Engines;
using Wasmtime;

namespace EventSourced.Sandbox.Policies;

/// <summary>One policy module, ready to decide; safe to use from many threads.</summary>
public sealed class Policy
{
    private readonly SandboxEngine _engine;
    private readonly GuestModule _module;
    private readonly PolicyLimits _limits;

    private Policy(SandboxEngine engine, GuestModule module, PolicyLimits limits)
    {
        _engine = engine;
        _module = module;
        _limits = limits;
    }

    /// <summary>The SHA-256 of the module in hex: the policy's name.</summary>
    public string Hash => _module.Hash;

    /// <summary>Compiles a policy; throws where the module does not keep the ABI.</summary>
    public static Policy Load(SandboxEngine engine, ReadOnlySpan<byte> module, PolicyLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(engine);
        var compiled = engine.Compile(module);
        if (compiled.Metered.Imports.Count > 0)
        {
            throw new WasmException(
                WasmErrorKind.Unlinkable, $"expected a policy without imports, found {compiled.Metered.Imports.Count}");
        }

        limits ??= new PolicyLimits();
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limits.Fuel, SandboxEngine.ShortFuel, nameof(limits));
        var policy = new Policy(engine, compiled, limits);
        foreach (var name in (string[])["memory", "allocate", "evaluate"])
        {
            if (compiled.Metered.Exports.All(export => export.Name != name))
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

        // A span cannot cross to another thread.
        var bytes = input.ToArray();
        return _engine.OnGuestThread(() => EvaluateHere(bytes, cancellation));
    }

    private PolicyDecision EvaluateHere(byte[] input, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using var store = new GuestStore(_engine);
        Guest? guest = null;
        try
        {
            var depth = Math.Min(_limits.CallDepth, _engine.Options.CallDepth);
            var limits = new GuestLimits(_limits.Fuel, depth, _limits.MemoryBytes);
            guest = Guest.Instantiate(_module, store.Native, _engine.WasiFunctions, limits);
            return guest.Run(() => Decide(guest, input));
        }
        catch (WasmException failure)
        {
            return PolicyDecision.Failed(failure.Message, guest?.FuelUsed ?? 0);
        }
    }

    private PolicyDecision Decide(Guest guest, byte[] input)
    {
        var (allocate, evaluate) = (
            guest.Native.GetFunction<int, int>("allocate"), guest.Native.GetFunction<int, int, long>("evaluate"));
        if (guest.WasiMemory is not { } memory || allocate is null || evaluate is null)
        {
            return PolicyDecision.Failed(
                "expected allocate(i32) -> i32 and evaluate(i32 i32) -> i64, found other types", 0);
        }

        var address = allocate(input.Length);
        if (address == 0 || (uint)address + (long)input.Length > memory.GetLength())
            return PolicyDecision.Failed($"expected room for {input.Length} bytes, found none", guest.FuelUsed);
        input.CopyTo(memory.GetSpan((uint)address, input.Length));
        var answer = (ulong)evaluate(address, input.Length);
        var (from, length) = (answer >> 32, (uint)answer);
        if (length > (uint)_limits.DecisionBytes || from + length > (ulong)memory.GetLength())
        {
            return PolicyDecision.Failed(
                $"expected a decision of at most {_limits.DecisionBytes} bytes in memory, found {length} at {from}",
                guest.FuelUsed);
        }

        return PolicyDecision.Parse(memory.GetSpan((long)from, (int)length).ToArray(), guest.FuelUsed);
    }
}
