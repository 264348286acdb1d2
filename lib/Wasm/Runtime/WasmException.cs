// Everything that can go wrong with a module, by name. Enters: the kind and what was expected, found, where. Leaves:
// an exception of the host. Always holds: a hostile module ends here or in TrapException, never in an unnamed
// exception.
namespace EventSourced.Wasm;

/// <summary>Why a module, a link or a call was refused.</summary>
public enum WasmErrorKind
{
    /// <summary>The bytes are not a WebAssembly module.</summary>
    Malformed,

    /// <summary>The module does not validate.</summary>
    Invalid,

    /// <summary>The module needs a feature this engine does not have.</summary>
    Unsupported,

    /// <summary>A named limit of the engine or store is exceeded.</summary>
    Limit,

    /// <summary>The module was valid but could not be compiled.</summary>
    Compile,

    /// <summary>An import is missing or has another type.</summary>
    Unlinkable,

    /// <summary>The guest trapped.</summary>
    Trap,

    /// <summary>The host used the API wrongly: wrong arguments, a value of another store ...</summary>
    Usage,

    /// <summary>A function of the host threw; see the inner exception.</summary>
    Host,
}

/// <summary>A module, a link or a call that was refused.</summary>
public class WasmException : Exception
{
    /// <summary>Names the kind and says what was expected, found and where.</summary>
    public WasmException(WasmErrorKind kind, string message, Exception? innerException = null)
        : base(message, innerException) => Kind = kind;

    /// <summary>Why it was refused.</summary>
    public WasmErrorKind Kind { get; }
}
