// The members of the runtime that compiled code refers to. Enters: nothing. Leaves: reflected fields and methods.
// Always holds: this list is all that compiled code can reach, besides its own functions and .NET's pure mathematics.
using System.Reflection;
using System.Runtime.InteropServices;

namespace EventSourced.Wasm.Compile;

internal static class Members
{
    public static readonly FieldInfo Store = Field(typeof(Instance), nameof(Instance.Store));
    public static readonly FieldInfo Memory0 = Field(typeof(Instance), nameof(Instance.Memory0));
    public static readonly FieldInfo Zero = Field(typeof(Instance), nameof(Instance.Zero));
    public static readonly FieldInfo FuelFloor = Field(typeof(Instance), nameof(Instance.FuelFloor));
    public static readonly FieldInfo Table0 = Field(typeof(Instance), nameof(Instance.Table0));
    public static readonly FieldInfo Tables = Field(typeof(Instance), nameof(Instance.Tables));
    public static readonly FieldInfo Globals = Field(typeof(Instance), nameof(Instance.Globals));
    public static readonly FieldInfo Functions = Field(typeof(Instance), nameof(Instance.Functions));
    public static readonly MethodInfo FunctionAt = Method(typeof(Instance), nameof(Instance.FunctionAt));

    public static readonly FieldInfo[] NearGlobals =
    [
        Field(typeof(Instance), nameof(Instance.Global0)),
        Field(typeof(Instance), nameof(Instance.Global1)),
        Field(typeof(Instance), nameof(Instance.Global2)),
        Field(typeof(Instance), nameof(Instance.Global3)),
    ];

    public static readonly FieldInfo FuelLeft = Field(typeof(Store), nameof(Wasm.Store.FuelLeft));
    public static readonly FieldInfo MoreNumbers = Field(typeof(Store), nameof(Wasm.Store.MoreNumbers));
    public static readonly FieldInfo MoreReferences = Field(typeof(Store), nameof(Wasm.Store.MoreReferences));
    public static readonly MethodInfo Stop = Method(typeof(Store), nameof(Wasm.Store.Stop));

    public static readonly FieldInfo MemoryBytes = Field(typeof(Memory), nameof(Memory.Bytes));
    public static readonly MethodInfo FirstByte =
        ((DataReference)MemoryMarshal.GetArrayDataReference).Method;

    public static readonly FieldInfo TableFunctions = Field(typeof(Table), nameof(Table.Functions));

    public static readonly FieldInfo Context = Field(typeof(Function), nameof(Function.Context));
    public static readonly FieldInfo Code = Field(typeof(Function), nameof(Function.Code));
    public static readonly FieldInfo TypeId = Field(typeof(Function), nameof(Function.TypeId));

    public static readonly FieldInfo GlobalValue = Field(typeof(Global), nameof(Global.Value));

    public static readonly MethodInfo Unreachable = Method(typeof(Traps), nameof(Traps.Unreachable));
    public static readonly MethodInfo StackOverflow = Method(typeof(Traps), nameof(Traps.StackOverflow));
    public static readonly MethodInfo MemoryOutOfBounds = Method(typeof(Traps), nameof(Traps.MemoryOutOfBounds));

    public static readonly MethodInfo UndefinedElement = Method(typeof(Traps), nameof(Traps.UndefinedElement));
    public static readonly MethodInfo UninitializedElement = Method(typeof(Traps), nameof(Traps.UninitializedElement));
    public static readonly MethodInfo BadSignature = Method(typeof(Traps), nameof(Traps.BadSignature));

    public static readonly MethodInfo SignallingNan = Method(typeof(Arithmetic), nameof(Arithmetic.SignallingNan));

    public static readonly MethodInfo CanonicalSingle = Method(typeof(Arithmetic), nameof(Arithmetic.CanonicalSingle));
    public static readonly MethodInfo CanonicalDouble = Method(typeof(Arithmetic), nameof(Arithmetic.CanonicalDouble));

    public static readonly MethodInfo MemoryGrow = Method(typeof(Bulk), nameof(Bulk.MemoryGrow));
    public static readonly MethodInfo MemoryFill = Method(typeof(Bulk), nameof(Bulk.MemoryFill));
    public static readonly MethodInfo MemoryCopy = Method(typeof(Bulk), nameof(Bulk.MemoryCopy));
    public static readonly MethodInfo MemoryInit = Method(typeof(Bulk), nameof(Bulk.MemoryInit));
    public static readonly MethodInfo DataDrop = Method(typeof(Bulk), nameof(Bulk.DataDrop));
    public static readonly MethodInfo TableInit = Method(typeof(Bulk), nameof(Bulk.TableInit));
    public static readonly MethodInfo ElementDrop = Method(typeof(Bulk), nameof(Bulk.ElementDrop));
    public static readonly MethodInfo TableCopy = Method(typeof(Bulk), nameof(Bulk.TableCopy));
    public static readonly MethodInfo TableGrow = Method(typeof(Bulk), nameof(Bulk.TableGrow));
    public static readonly MethodInfo TableSize = Method(typeof(Bulk), nameof(Bulk.TableSize));
    public static readonly MethodInfo TableFill = Method(typeof(Bulk), nameof(Bulk.TableFill));
    public static readonly MethodInfo TableGetFunction = Method(typeof(Bulk), nameof(Bulk.TableGetFunction));
    public static readonly MethodInfo TableGetReference = Method(typeof(Bulk), nameof(Bulk.TableGetReference));
    public static readonly MethodInfo TableSetFunction = Method(typeof(Bulk), nameof(Bulk.TableSetFunction));
    public static readonly MethodInfo TableSetReference = Method(typeof(Bulk), nameof(Bulk.TableSetReference));

    private delegate ref byte DataReference(byte[] array);

    private static readonly FieldInfo GlobalFunction = Field(typeof(Global), nameof(Global.Function));
    private static readonly FieldInfo GlobalReference = Field(typeof(Global), nameof(Global.Reference));

    /// <summary>The field of a cell that holds a number of this kind.</summary>
    public static FieldInfo CellField(ValueKind kind) => kind switch
    {
        ValueKind.Int32 => Field(typeof(NumberCell), nameof(NumberCell.Int32)),
        ValueKind.Int64 => Field(typeof(NumberCell), nameof(NumberCell.Int64)),
        ValueKind.Float32 => Field(typeof(NumberCell), nameof(NumberCell.Single)),
        _ => Field(typeof(NumberCell), nameof(NumberCell.Double)),
    };

    /// <summary>The field behind a global, or behind its cell, that holds a value of this kind.</summary>
    public static FieldInfo GlobalField(ValueKind kind) => kind switch
    {
        ValueKind.FuncRef => GlobalFunction,
        ValueKind.ExternRef => GlobalReference,
        _ => CellField(kind),
    };

    internal static FieldInfo Field(Type type, string name) =>
        type.GetField(name, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
        ?? throw new MissingFieldException(type.FullName, name);

    internal static MethodInfo Method(Type type, string name) =>
        type.GetMethod(
            name, BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
        ?? throw new MissingMethodException(type.FullName, name);
}
