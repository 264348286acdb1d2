// The answers of WASI preview 1, by their stored numbers; never renumber.
namespace EventSourced.Sandbox.Wasi;

/// <summary>The answer of a WASI function; the numbers are those of wasi_snapshot_preview1.</summary>
public enum Errno
{
    /// <summary>Done.</summary>
    Success = 0,

    /// <summary>No such descriptor, or not one of that use.</summary>
    BadDescriptor = 8,

    /// <summary>The file exists, and was to be created.</summary>
    Exists = 20,

    /// <summary>An address outside the guest's memory.</summary>
    Fault = 21,

    /// <summary>More output than the host takes.</summary>
    TooBig = 22,

    /// <summary>An argument that has no meaning.</summary>
    Invalid = 28,

    /// <summary>A folder where a file was expected.</summary>
    IsDirectory = 31,

    /// <summary>As many descriptors as the host allows are open.</summary>
    TooManyOpen = 33,

    /// <summary>A path longer than the host reads.</summary>
    NameTooLong = 37,

    /// <summary>No such file.</summary>
    NoEntry = 44,

    /// <summary>A file where a folder was expected.</summary>
    NotDirectory = 54,

    /// <summary>Not a part of what this host offers.</summary>
    NotSupported = 58,

    /// <summary>The file system is read-only.</summary>
    ReadOnly = 69,

    /// <summary>A stream has no position.</summary>
    NoSeek = 70,

    /// <summary>A path that leads out of the folder it was opened in.</summary>
    NotCapable = 76,
}
