// Where the host calls a guest. Enters: a function and its arguments. Leaves: results, or a trap as a TrapException.
// Always holds: the depth is what it was before, whatever happened; no exception of compiled code passes unnamed.
// What is named already is not caught: rethrowing at each of many nested calls would use up the thread's stack.
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EventSourced.Wasm;

internal static unsafe class Boundary
{
    public static void Call(Function function, ReadOnlySpan<ValueBox> arguments, Span<ValueBox> results)
    {
        var store = function.Store;
        var depth = store.Depth;
        var entry = function.Entry ??= store.Engine.Thunks.EntryOf(function.Type);
        try
        {
            entry(
                function,
                depth,
                ref Unsafe.AsRef(in MemoryMarshal.GetReference(arguments)),
                ref MemoryMarshal.GetReference(results));
        }
        catch (Exception failure) when (TrapException.Means(failure) is not null)
        {
            throw new TrapException(TrapException.Means(failure)!.Value, failure);
        }
        finally
        {
            store.Depth = depth;
        }
    }

    public static void Call(Function function)
    {
        var depth = Enter(function);
        try
        {
            ((delegate*<Instance, int, void>)function.Code)(function.Context, depth);
        }
        catch (Exception failure) when (TrapException.Means(failure) is not null)
        {
            throw new TrapException(TrapException.Means(failure)!.Value, failure);
        }
        finally
        {
            function.Store.Depth = depth;
        }
    }

    public static void Call<T>(Function function, T a)
    {
        var depth = Enter(function, a);
        try
        {
            ((delegate*<Instance, int, T, void>)function.Code)(function.Context, depth, a);
        }
        catch (Exception failure) when (TrapException.Means(failure) is not null)
        {
            throw new TrapException(TrapException.Means(failure)!.Value, failure);
        }
        finally
        {
            function.Store.Depth = depth;
        }
    }

    public static void Call<T1, T2>(Function function, T1 a, T2 b)
    {
        var depth = Enter(function, a, b);
        try
        {
            ((delegate*<Instance, int, T1, T2, void>)function.Code)(function.Context, depth, a, b);
        }
        catch (Exception failure) when (TrapException.Means(failure) is not null)
        {
            throw new TrapException(TrapException.Means(failure)!.Value, failure);
        }
        finally
        {
            function.Store.Depth = depth;
        }
    }

    public static TResult Call<TResult>(Function function)
    {
        var depth = Enter(function);
        try
        {
            return ((delegate*<Instance, int, TResult>)function.Code)(function.Context, depth);
        }
        catch (Exception failure) when (TrapException.Means(failure) is not null)
        {
            throw new TrapException(TrapException.Means(failure)!.Value, failure);
        }
        finally
        {
            function.Store.Depth = depth;
        }
    }

    public static TResult Call<T, TResult>(Function function, T a)
    {
        var depth = Enter(function, a);
        try
        {
            return ((delegate*<Instance, int, T, TResult>)function.Code)(function.Context, depth, a);
        }
        catch (Exception failure) when (TrapException.Means(failure) is not null)
        {
            throw new TrapException(TrapException.Means(failure)!.Value, failure);
        }
        finally
        {
            function.Store.Depth = depth;
        }
    }

    public static TResult Call<T1, T2, TResult>(Function function, T1 a, T2 b)
    {
        var depth = Enter(function, a, b);
        try
        {
            return ((delegate*<Instance, int, T1, T2, TResult>)function.Code)(function.Context, depth, a, b);
        }
        catch (Exception failure) when (TrapException.Means(failure) is not null)
        {
            throw new TrapException(TrapException.Means(failure)!.Value, failure);
        }
        finally
        {
            function.Store.Depth = depth;
        }
    }

    public static TResult Call<T1, T2, T3, TResult>(Function function, T1 a, T2 b, T3 c)
    {
        var depth = Enter(function, a, b, c);
        try
        {
            return ((delegate*<Instance, int, T1, T2, T3, TResult>)function.Code)(function.Context, depth, a, b, c);
        }
        catch (Exception failure) when (TrapException.Means(failure) is not null)
        {
            throw new TrapException(TrapException.Means(failure)!.Value, failure);
        }
        finally
        {
            function.Store.Depth = depth;
        }
    }

    private static int Enter(Function function) => function.Store.Depth;

    private static int Enter<T>(Function function, T a)
    {
        if (typeof(T) == typeof(Function))
            function.Store.CheckOwn((Function?)(object?)a);
        return function.Store.Depth;
    }

    private static int Enter<T1, T2>(Function function, T1 a, T2 b)
    {
        Enter(function, a);
        return Enter(function, b);
    }

    private static int Enter<T1, T2, T3>(Function function, T1 a, T2 b, T3 c)
    {
        Enter(function, a, b);
        return Enter(function, c);
    }
}
