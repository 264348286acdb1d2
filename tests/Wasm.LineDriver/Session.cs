// The state behind the protocol: a store, its instances by name, and limits for what follows. Enters: a request.
// Leaves: an answer. Always holds: reset gives a fresh store with the suite's host module; a failed instantiation
// leaves the current module as it was.
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using EventSourced.Metering;
using EventSourced.Metering.Rewriting;
using EventSourced.Sandbox;
using EventSourced.Sandbox.Engines;
using Wasmtime;

namespace EventSourced.Wasm.LineDriver;

/// <summary>Answers requests one by one.</summary>
public sealed class Session : IDisposable
{
    private const string NamePrefix = "$";

    /// <summary>For some centuries.</summary>
    private const long Plenty = long.MaxValue / 4;

    private const long PageBytes = 65_536;

    private readonly SandboxEngine _engine;
    private readonly Dictionary<string, Guest> _named = [];
    private readonly List<Guest> _guests = [];
    private GuestStore _store = null!;
    private Linker _linker = null!;
    private Guest? _current;
    private long _fuel;
    private long _depth;
    private long _pages;

    /// <summary>Starts with a fresh store.</summary>
    public Session(SandboxEngine engine)
    {
        _engine = engine;
        Fresh();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _linker.Dispose();
        _store.Dispose();
    }

    /// <summary>The answer to one request.</summary>
    public string Answer(string line)
    {
        JsonObject answer;
        try
        {
            var request = JsonNode.Parse(line)!.AsObject();
            answer = Run(request);
            answer["ok"] = true;
        }
        catch (Exception failure)
        {
            answer = Failure(failure);
        }

        return answer.ToJsonString();
    }

    private JsonObject Run(JsonObject request) => Text(request, "op") switch
    {
        "hello" => Hello(),
        "reset" => Reset(),
        "validate" => Validate(request),
        "module" => Instantiate(request),
        "register" => Register(request),
        "invoke" => Invoke(request),
        "get" => Get(request),
        "limits" => Limit(request),
        "bench" => Bench(request),
        var op => throw new WasmException(WasmErrorKind.Usage, $"expected an operation of the protocol, found '{op}'"),
    };

    private JsonObject Failure(Exception failure) => new()
    {
        ["ok"] = false,
        ["kind"] = failure switch
        {
            GuestTrapException trap => KindOf(trap) switch
            {
                TrapKind.StackExhausted => "exhaustion",
                TrapKind.OutOfFuel => "fuel",
                _ => "trap",
            },
            WasmException named => named.Kind switch
            {
                WasmErrorKind.Malformed => "malformed",
                WasmErrorKind.Invalid => "invalid",
                WasmErrorKind.Compile => "compile",
                WasmErrorKind.Unlinkable => "unlinkable",
                WasmErrorKind.Limit => "limit",
                WasmErrorKind.Unsupported or WasmErrorKind.Reserved => "unsupported",
                _ => "error",
            },
            _ => "error",
        },
        // The engine's own words are those of the suite; the sandbox joins what engines do not all tell apart.
        ["msg"] = failure is GuestTrapException { InnerException: { } cause } known
            ? $"{failure.Message}: {(KindOf(known) == known.Type ? cause.Message : KindOf(known))}"
            : failure.Message,
    };

    /// <summary>A call may have gone through other instances, each with a meter of its own.</summary>
    private TrapKind KindOf(GuestTrapException trap) =>
        trap.Type == TrapKind.Unreachable
            ? _guests.Select(guest => guest.Exhausted).FirstOrDefault(kind => kind is not null) ?? trap.Type
            : trap.Type;

    private static JsonObject Hello() => new()
    {
        ["name"] = "eventsourced-sandbox",
        ["version"] = SandboxEngine.Version,
        ["features"] = new JsonArray(
            "mvp",
            "sign-extension",
            "saturating-float-to-int",
            "multi-value",
            "reference-types",
            "bulk-memory",
            "mutable-globals",
            "simd"),
    };

    private JsonObject Reset()
    {
        _linker.Dispose();
        _store.Dispose();
        Fresh();
        return [];
    }

    private void Fresh()
    {
        (_fuel, _depth, _pages) = (Plenty, _engine.Options.CallDepth, PageBytes);
        _store = new GuestStore(_engine);
        _linker = new Linker(_engine.Native) { AllowShadowing = true };
        Spectest.Define(_linker, _store.Native);
        _current = null;
        _named.Clear();
        _guests.Clear();
    }

    private JsonObject Validate(JsonObject request)
    {
        if (Meter.Validate(Bytes(request), _engine.Options.Limits) is { } refusal)
            throw refusal;
        return [];
    }

    private JsonObject Instantiate(JsonObject request)
    {
        var name = Optional(request, "name");
        ApplyLimits();
        var module = _engine.Compile(Bytes(request));
        var limits = new GuestLimits(_fuel, _depth, _pages * PageBytes);
        var guest = Guest.Instantiate(module, _store.Native, _linker, limits);
        _guests.Add(guest);
        _current = guest;
        if (name is not null)
            _named[Plain(name)] = guest;
        return [];
    }

    private JsonObject Register(JsonObject request)
    {
        _linker.DefineInstance(_store.Native, Text(request, "as"), InstanceOf(request, "name").Native);
        return [];
    }

    private JsonObject Invoke(JsonObject request)
    {
        var (guest, function) = FunctionOf(request);
        ApplyLimits();
        var arguments = Arguments(request);
        var answer = guest.Run(() => function.Invoke(arguments));
        object?[] values = function.Results.Count switch
        {
            0 => [],
            1 => [answer],
            _ => (object?[])answer!,
        };
        return new JsonObject { ["results"] = new JsonArray([.. function.Results.Zip(values, WireValue.Write)]) };
    }

    private JsonObject Get(JsonObject request)
    {
        var field = Text(request, "field");
        var global = InstanceOf(request, "module").Native.GetGlobal(field)
            ?? throw new WasmException(WasmErrorKind.Usage, $"expected a global '{field}', found none");
        var value = WireValue.Write(global.Kind, global.GetValue());
        return new JsonObject { ["results"] = new JsonArray(value), ["value"] = value.DeepClone() };
    }

    private JsonObject Limit(JsonObject request)
    {
        _fuel = Number(request, "fuel") ?? _fuel;
        _depth = Number(request, "depth") ?? _depth;
        _pages = Number(request, "memory_pages") ?? _pages;
        return [];
    }

    /// <summary>Microseconds for one call, measured <c>reps</c> times over <c>inner</c> calls.</summary>
    private JsonObject Bench(JsonObject request)
    {
        var (guest, function) = FunctionOf(request);
        var arguments = Arguments(request);
        var inner = (int)(Number(request, "inner") ?? 1);
        var reps = (int)(Number(request, "reps") ?? 1);
        var warmup = (int)(Number(request, "warmup") ?? 0);
        ApplyLimits();
        for (var i = 0; i < warmup; i++)
            guest.Run(() => function.Invoke(arguments));
        var times = new JsonArray();
        for (var i = 0; i < reps; i++)
        {
            ApplyLimits();
            var start = Stopwatch.GetTimestamp();
            guest.Run(() =>
            {
                for (var j = 0; j < inner; j++)
                    function.Invoke(arguments);
            });
            times.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds / inner);
        }

        return new JsonObject { ["us"] = times };
    }

    private void ApplyLimits()
    {
        foreach (var guest in _guests)
        {
            guest.SetFuel(_fuel);
            guest.SetCallDepth(Math.Min(_depth, _engine.Options.CallDepth));
            guest.LimitMemory(_pages * PageBytes);
        }
    }

    private (Guest Guest, Function Function) FunctionOf(JsonObject request)
    {
        var (field, guest) = (Text(request, "field"), InstanceOf(request, "module"));
        return (guest, guest.Native.GetFunction(field)
            ?? throw new WasmException(WasmErrorKind.Usage, $"expected a function '{field}', found none"));
    }

    private Guest InstanceOf(JsonObject request, string key)
    {
        if (Optional(request, key) is not { } name)
        {
            return _current
                ?? throw new WasmException(WasmErrorKind.Usage, "expected a current module, found none");
        }

        return _named.TryGetValue(Plain(name), out var instance)
            ? instance
            : throw new WasmException(WasmErrorKind.Usage, $"expected a module named '{name}', found none");
    }

    private static ValueBox[] Arguments(JsonObject request) =>
        request["args"] is JsonArray array ? [.. array.Select(value => WireValue.Read(value!))] : [];

    /// <summary>The text format writes names with a dollar sign; with or without, they are the same here.</summary>
    private static string Plain(string name) =>
        name.StartsWith(NamePrefix, StringComparison.Ordinal) ? name[NamePrefix.Length..] : name;

    private static byte[] Bytes(JsonObject request) => Convert.FromBase64String(Text(request, "b64"));

    private static string Text(JsonObject request, string key) =>
        Optional(request, key) ?? throw new WasmException(WasmErrorKind.Usage, $"expected a field '{key}', found none");

    private static string? Optional(JsonObject request, string key) => (string?)request[key];

    private static long? Number(JsonObject request, string key) => request[key] switch
    {
        null => null,
        var node when node.GetValueKind() == JsonValueKind.String => long.Parse((string)node!),
        var node => (long)node!,
    };
}
