// The state behind the protocol: a store, its instances by name, and limits for what follows. Enters: a request.
// Leaves: an answer. Always holds: reset gives a fresh store with the suite's host module; a failed instantiation
// leaves the current module as it was.
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EventSourced.Wasm.LineDriver;

/// <summary>Answers requests one by one.</summary>
public sealed class Session
{
    private const string NamePrefix = "$";

    private static readonly Engine Shared = new(new Config().WithInterruption(false));
    private Store _store;
    private Linker _linker;
    private Instance? _current;
    private readonly Dictionary<string, Instance> _named = [];
    private ulong? _fuel;
    private int? _depth;
    private int? _pages;

    /// <summary>Starts with a fresh store.</summary>
    public Session()
    {
        Shared.WarmUp();
        (_store, _linker) = Fresh();
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

    private static JsonObject Failure(Exception failure) => new()
    {
        ["ok"] = false,
        ["kind"] = failure switch
        {
            TrapException { Type: TrapCode.StackOverflow } => "exhaustion",
            TrapException { Type: TrapCode.OutOfFuel } => "fuel",
            TrapException => "trap",
            WasmException named => named.Kind switch
            {
                WasmErrorKind.Malformed => "malformed",
                WasmErrorKind.Invalid => "invalid",
                WasmErrorKind.Compile => "compile",
                WasmErrorKind.Unlinkable => "unlinkable",
                WasmErrorKind.Limit => "limit",
                WasmErrorKind.Unsupported => "unsupported",
                _ => "error",
            },
            _ => "error",
        },
        ["msg"] = failure.Message,
    };

    private static JsonObject Hello() => new()
    {
        ["name"] = "eventsourced-wasm",
        ["version"] = Engine.Version,
        ["features"] = new JsonArray(
            "mvp",
            "sign-extension",
            "saturating-float-to-int",
            "multi-value",
            "reference-types",
            "bulk-memory",
            "mutable-globals"),
    };

    private JsonObject Reset()
    {
        (_fuel, _depth, _pages) = (null, null, null);
        (_store, _linker) = Fresh();
        _current = null;
        _named.Clear();
        return [];
    }

    private (Store Store, Linker Linker) Fresh()
    {
        var store = new Store(Shared);
        var linker = new Linker(Shared);
        Spectest.Define(linker, store);
        return (store, linker);
    }

    private JsonObject Validate(JsonObject request)
    {
        if (Module.Validate(Shared, Bytes(request)) is { } refusal)
            throw refusal;
        return [];
    }

    private JsonObject Instantiate(JsonObject request)
    {
        var name = Optional(request, "name");
        ApplyLimits();
        var module = Module.FromBytes(Shared, name ?? "module", Bytes(request));
        var instance = _linker.Instantiate(_store, module);
        _current = instance;
        if (name is not null)
            _named[Plain(name)] = instance;
        return [];
    }

    private JsonObject Register(JsonObject request)
    {
        _linker.DefineInstance(Text(request, "as"), InstanceOf(request, "name"));
        return [];
    }

    private JsonObject Invoke(JsonObject request)
    {
        var function = FunctionOf(request);
        ApplyLimits();
        var results = new ValueBox[function.Type.Results.Count];
        function.Invoke(Arguments(request), results);
        return new JsonObject { ["results"] = new JsonArray([.. results.Select(WireValue.Write)]) };
    }

    private JsonObject Get(JsonObject request)
    {
        var field = Text(request, "field");
        var global = InstanceOf(request, "module").GetGlobal(field)
            ?? throw new WasmException(WasmErrorKind.Usage, $"expected a global '{field}', found none");
        var value = WireValue.Write(global.Box);
        return new JsonObject { ["results"] = new JsonArray(value), ["value"] = value.DeepClone() };
    }

    private JsonObject Limit(JsonObject request)
    {
        _fuel = (ulong?)Number(request, "fuel") ?? _fuel;
        _depth = (int?)Number(request, "depth") ?? _depth;
        _pages = (int?)Number(request, "memory_pages") ?? _pages;
        return [];
    }

    /// <summary>Microseconds for one call, measured <c>reps</c> times over <c>inner</c> calls.</summary>
    private JsonObject Bench(JsonObject request)
    {
        var function = FunctionOf(request);
        var arguments = Arguments(request);
        var results = new ValueBox[function.Type.Results.Count];
        var inner = (int)(Number(request, "inner") ?? 1);
        var reps = (int)(Number(request, "reps") ?? 1);
        var warmup = (int)(Number(request, "warmup") ?? 0);
        ApplyLimits();
        for (var i = 0; i < warmup; i++)
            function.Invoke(arguments, results);
        var times = new JsonArray();
        for (var i = 0; i < reps; i++)
        {
            ApplyLimits();
            var start = Stopwatch.GetTimestamp();
            for (var j = 0; j < inner; j++)
                function.Invoke(arguments, results);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds / inner);
        }

        return new JsonObject { ["us"] = times };
    }

    private void ApplyLimits()
    {
        if (_fuel is { } fuel)
            _store.Fuel = fuel;
        if (_depth is { } depth)
            _store.SetCallDepth(depth);
        if (_pages is { } pages)
            _store.SetLimits(memorySize: (long)pages * Memory.PageSize);
    }

    private Function FunctionOf(JsonObject request)
    {
        var field = Text(request, "field");
        return InstanceOf(request, "module").GetFunction(field)
            ?? throw new WasmException(WasmErrorKind.Usage, $"expected a function '{field}', found none");
    }

    private Instance InstanceOf(JsonObject request, string key)
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
