using System.Text;
using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Contracts.Tables;
using Microsoft.ML.OnnxRuntime;

namespace Latent.Inference.Scoring;

/// <summary>Makes the input tensors of a bundle's graphs out of rows of floats: one tensor or, for a table with words, two.</summary>
/// <param name="input">The description of a row.</param>
internal sealed class RowTensors(InputDescription input)
{
    // A word that no vocabulary has, since none has control characters.
    private static readonly byte[] s_unseen = "\u0001"u8.ToArray();

    private readonly int _length = input.Shape.Aggregate(1, (a, b) => a * b);
    private readonly int[] _numbers = [.. input.Table?.Numbers() ?? []];
    private readonly int[] _categories = [.. input.Table?.Categories() ?? []];
    private readonly byte[][][] _words =
    [
        .. (input.Table?.Categories() ?? []).Select(column =>
            input.Table!.Columns[column].Levels!.Select(Encoding.UTF8.GetBytes).ToArray()
        ),
    ];

    /// <summary>Gets the names of the graph's inputs.</summary>
    public string[] Names { get; } =
        input.Table is { } table && table.Categories().Count > 0
            ? table.Numbers().Count > 0
                ? [TensorNames.Numbers, TensorNames.Categories]
                : [TensorNames.Categories]
            : [TensorNames.Input];

    /// <summary>Makes the tensors of some rows, which the caller disposes.</summary>
    /// <param name="rows">The rows; they must stay as they are while a tensor is used.</param>
    public OrtValue[] Create(Memory<float> rows)
    {
        var count = rows.Length / _length;
        if (_categories.Length == 0)
        {
            return
            [
                OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, rows, [count, .. input.Shape.Select(n => (long)n)]),
            ];
        }

        var texts = OrtValue.CreateTensorWithEmptyStrings(OrtAllocator.DefaultInstance, [count, _categories.Length]);
        FillWords(texts, rows.Span, count);
        if (_numbers.Length == 0)
            return [texts];
        var numbers = new float[count * _numbers.Length];
        FillNumbers(numbers, rows.Span, count);
        return [OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, numbers.AsMemory(), [count, _numbers.Length]), texts];
    }

    private void FillNumbers(Span<float> numbers, ReadOnlySpan<float> rows, int count)
    {
        for (var (row, to) = (0, 0); row < count; row++)
        {
            foreach (var column in _numbers)
                numbers[to++] = rows[(row * _length) + column];
        }
    }

    private void FillWords(OrtValue texts, ReadOnlySpan<float> rows, int count)
    {
        for (var (row, to) = (0, 0); row < count; row++)
        {
            for (var i = 0; i < _categories.Length; i++, to++)
            {
                var cell = rows[(row * _length) + _categories[i]];
                // Strings begin as "", which stands for a missing word.
                if (cell != TableDescription.Missing)
                    texts.StringTensorSetElementAt(cell >= 0 ? _words[i][(int)cell] : s_unseen, to);
            }
        }
    }
}
