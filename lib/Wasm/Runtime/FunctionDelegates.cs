// Functions as typed delegates. Enters: .NET types int, long, float, double, Function and object. Leaves: a delegate
// that calls the compiled code straight through its pointer. Always holds: the delegate's types are exactly the
// function's.
namespace EventSourced.Wasm;

public sealed partial class Function
{
    /// <summary>The function as an action, or null where its type is another.</summary>
    public Action? WrapAction() => Fits([], null) ? () => Boundary.Call(this) : null;

    /// <summary>The function as an action, or null where its type is another.</summary>
    public Action<T>? WrapAction<T>() => Fits([typeof(T)], null) ? a => Boundary.Call(this, a) : null;

    /// <summary>The function as an action, or null where its type is another.</summary>
    public Action<T1, T2>? WrapAction<T1, T2>() =>
        Fits([typeof(T1), typeof(T2)], null) ? (a, b) => Boundary.Call(this, a, b) : null;

    /// <summary>The function as a delegate, or null where its type is another.</summary>
    public Func<TResult>? WrapFunc<TResult>() =>
        Fits([], typeof(TResult)) ? () => Boundary.Call<TResult>(this) : null;

    /// <summary>The function as a delegate, or null where its type is another.</summary>
    public Func<T, TResult>? WrapFunc<T, TResult>() =>
        Fits([typeof(T)], typeof(TResult)) ? a => Boundary.Call<T, TResult>(this, a) : null;

    /// <summary>The function as a delegate, or null where its type is another.</summary>
    public Func<T1, T2, TResult>? WrapFunc<T1, T2, TResult>() =>
        Fits([typeof(T1), typeof(T2)], typeof(TResult)) ? (a, b) => Boundary.Call<T1, T2, TResult>(this, a, b) : null;

    /// <summary>The function as a delegate, or null where its type is another.</summary>
    public Func<T1, T2, T3, TResult>? WrapFunc<T1, T2, T3, TResult>() =>
        Fits([typeof(T1), typeof(T2), typeof(T3)], typeof(TResult))
            ? (a, b, c) => Boundary.Call<T1, T2, T3, TResult>(this, a, b, c)
            : null;

    private bool Fits(ReadOnlySpan<Type> parameters, Type? result)
    {
        if (parameters.Length != Type.Parameters.Count || Type.Results.Count != (result is null ? 0 : 1))
            return false;
        for (var i = 0; i < parameters.Length; i++)
        {
            if (Type.Parameters[i].ClrType() != parameters[i])
                return false;
        }

        return result is null || Type.Results[0].ClrType() == result;
    }
}
