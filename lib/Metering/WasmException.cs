// The reason for which a module is refused, by name. Enters: the kind, the expected, the found and the place. Leaves:
// an exception of the host. Always holds: a hostile module ends here, never in an unnamed exception.
namespace EventSourced.Metering;

/// <summary>Why a module was refused.</summary>
public enum WasmErrorKind
{
    /// <summary>The bytes are not a WebAssembly module.</summary>
    Malformed,

    /// <summary>The module does not validate.</summary>
    Invalid,

    /// <summary>The module needs a feature that cannot be metered.</summary>
    Unsupported,

    /// <summary>A named limit is exceeded.</summary>
    Limit,

    /// <summary>The module exports a name that belongs to the meter.</summary>
    Reserved,

    /// <summary>The rewritten module could not be compiled by an engine.</summary>
    Compile,

    /// <summary>An import is missing or has another type.</summary>
    Unlinkable,

    /// <summary>The guest trapped.</summary>
    Trap,

    /// <summary>The host used the API wrongly.</summary>
    Usage,

    /// <summary>The engine gave up before the meter did: nothing is known of the guest.</summary>
    Engine,
}

/// <summary>A module, a link or a call that was refused.</summary>
public class WasmException : Exception
{
    /// <summary>Names the kind, the expected, the found and the place.</summary>
    public WasmException(WasmErrorKind kind, string message, Exception? innerException = null)
        : base(message, innerException) => Kind = kind;

    /// <summary>Why it was refused.</summary>
    public WasmErrorKind Kind { get; }
}
