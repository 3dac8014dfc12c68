namespace TorchSharp;

// The functions of Tensor/Tensor.Reduction.cs with the tensor as their first argument.
public static partial class torch
{
    public static Tensor all(Tensor input) => input.all();

    public static Tensor all(Tensor input, long dim, bool keepdim = false) => input.all(dim, keepdim);

    public static Tensor amax(Tensor input, long[] dims, bool keepdim = false, Tensor? @out = null) => input.amax(dims, keepdim, @out);

    public static Tensor amax(Tensor input, long[] dims) => input.amax(dims);

    public static Tensor amin(Tensor input, long[] dims, bool keepdim = false, Tensor? @out = null) => input.amin(dims, keepdim, @out);

    public static Tensor any(Tensor input) => input.any();

    public static Tensor any(Tensor input, long dim, bool keepdim = false) => input.any(dim, keepdim);

    public static Tensor argmax(Tensor input) => input.argmax();

    public static Tensor argmax(Tensor input, long dim, bool keepdim = false) => input.argmax(dim, keepdim);

    public static Tensor argmin(Tensor input) => input.argmin();

    public static Tensor argmin(Tensor input, long dim, bool keepdim = false) => input.argmin(dim, keepdim);

    public static Tensor cumsum(Tensor input, long dim, ScalarType? type = null) => input.cumsum(dim, type);

    public static Tensor logsumexp(Tensor input, long dim, bool keepdim = false) => input.logsumexp(dim, keepdim);

    public static Tensor max(Tensor input) => input.max();

    public static Tensor max(Tensor input, Tensor other) => input.max(other);

    public static (Tensor values, Tensor indexes) max(Tensor input, long dim, bool keepdim = false) => input.max(dim, keepdim);

    public static Tensor mean(Tensor input) => input.mean();

    public static Tensor mean(Tensor input, long[] dimensions, bool keepdim = false, ScalarType? type = null) =>
        input.mean(dimensions, keepdim, type);

    public static Tensor min(Tensor input) => input.min();

    public static Tensor min(Tensor input, Tensor other) => input.min(other);

    public static (Tensor values, Tensor indexes) min(Tensor input, long dim, bool keepdim = false) => input.min(dim, keepdim);

    public static Tensor norm(Tensor input, float p = 2) => input.norm(p);

    public static Tensor norm(Tensor input, int dimension, bool keepdim = false, float p = 2) => input.norm(dimension, keepdim, p);

    public static Tensor prod(Tensor input, ScalarType? type = null) => input.prod(type);

    public static Tensor prod(Tensor input, long dim, bool keepdim = false, ScalarType? type = null) => input.prod(dim, keepdim, type);

    public static Tensor std(Tensor input, bool unbiased = true) => input.std(unbiased);

    public static Tensor std(Tensor input, long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
        input.std(dimensions, unbiased, keepdim, type);

    public static Tensor std(Tensor input, long dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
        input.std(dimensions, unbiased, keepdim, type);

    public static Tensor sum(Tensor input, ScalarType? type = null) => input.sum(type);

    public static Tensor sum(Tensor input, ReadOnlySpan<long> dim, bool keepdim = false, ScalarType? type = null) =>
        input.sum(dim, keepdim, type);

    public static Tensor sum(Tensor input, long dim, bool keepdim = false, ScalarType? type = null) => input.sum(dim, keepdim, type);

    public static Tensor var(Tensor input, bool unbiased = true) => input.var(unbiased);

    public static Tensor var(Tensor input, long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
        input.var(dimensions, unbiased, keepdim, type);

    public static Tensor var(Tensor input, long dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
        input.var(dimensions, unbiased, keepdim, type);
}
