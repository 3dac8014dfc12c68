using System.Text;
using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Contracts.Tables;
using Microsoft.ML.OnnxRuntime;

namespace Latent.Inference.Scoring;

/// <summary>Makes the input tensors of a bundle's graphs out of rows of floats: one tensor or, for a table with words, two.</summary>
/// <param name="input">The description of a row.</param>
/// <param name="prefix">What the graph's names of its inputs begin with.</param>
internal sealed class RowTensors(InputDescription input, string prefix = "")
{
    private readonly int _length = input.Shape.Aggregate(1, (a, b) => a * b);
    private readonly int[] _numbers = [.. input.Table?.Numbers() ?? []];
    private readonly int[] _categories = [.. input.Table?.Categories() ?? []];
    private readonly byte[][][] _words = [.. (input.Table?.Categories() ?? []).Select(column => Words(input.Table!.Columns[column]))];

    /// <summary>Gets the names of the graph's inputs.</summary>
    public string[] Names { get; } = [.. InputNames(input.Table).Select(name => prefix + name)];

    /// <summary>Gets the columns of numbers.</summary>
    public ReadOnlySpan<int> Numbers => _numbers;

    /// <summary>Tells whether a table's graphs read words, and so other tensors than "input".</summary>
    public static bool HasWords(TableDescription? table) => table?.Columns.Any(column => column.Levels is not null) ?? false;

    /// <summary>Makes the tensors of some rows, which the caller disposes.</summary>
    /// <param name="rows">The rows; they must stay as they are while a tensor is used.</param>
    /// <exception cref="LatentException">A cell of a column of words is no level.</exception>
    public OrtValue[] Create(Memory<float> rows)
    {
        var bound = Bind(rows);
        try
        {
            bound.Fill();
            return bound.Values;
        }
        catch
        {
            bound.Dispose();
            throw;
        }
    }

    /// <summary>Makes tensors that follow some rows, whose values may change, each time that they are filled.</summary>
    /// <param name="rows">The rows.</param>
    public BoundRows Bind(Memory<float> rows) => new(this, rows);

    /// <summary>Gets the place of a word among those that a column may have: missing, unseen, then the levels.</summary>
    /// <param name="category">The column's index among those of words.</param>
    /// <param name="row">The row, for the message.</param>
    /// <param name="cell">The cell.</param>
    /// <exception cref="LatentException">The cell is no level.</exception>
    public int Word(int category, int row, float cell)
    {
        var word = (int)cell - (int)TableDescription.Missing;
        return (int)cell == cell && (uint)word < (uint)_words[category].Length ? word : throw NoLevel(_categories[category], row, cell);
    }

    private IEnumerable<long> Shape => input.Shape.Select(n => (long)n);

    private static string[] InputNames(TableDescription? table) =>
        !HasWords(table) ? [TensorNames.Input]
        : table!.Numbers().Count > 0 ? [TensorNames.Numbers, TensorNames.Categories]
        : [TensorNames.Categories];

    // Words as a graph gets them: missing, unseen, then the levels. No vocabulary has a word of a control character.
    private static byte[][] Words(TableColumn column) =>
        [
            [],
            [1],
            .. column.Levels!.Select(Encoding.UTF8.GetBytes),
        ];

    private LatentException NoLevel(int column, int row, float cell) =>
        new(
            FormattableString.Invariant(
                $"The cell of column '{input.Table!.Columns[column].Name}' in row {row} of the batch is {cell}; it must be {TableDescription.Missing} (missing), {TableDescription.Unseen} (unseen) or a level from 0 to {input.Table.Columns[column].Levels!.Count - 1}."
            )
        );

    /// <summary>Represents the tensors of a batch of rows; they are reused, and only words that changed are written again.</summary>
    public sealed class BoundRows : IBoundRows
    {
        private readonly RowTensors _owner;
        private readonly Memory<float> _rows;
        private readonly float[] _numbers;
        private readonly OrtValue? _texts;
        private readonly int[] _written;

        internal BoundRows(RowTensors owner, Memory<float> rows)
        {
            (_owner, _rows) = (owner, rows);
            var count = rows.Length / owner._length;
            (_numbers, _written) = ([], new int[count * owner._categories.Length]);
            if (owner._categories.Length == 0)
            {
                Values = [Tensor(rows, [count, .. owner.Shape])];
                return;
            }

            _texts = OrtValue.CreateTensorWithEmptyStrings(OrtAllocator.DefaultInstance, [count, owner._categories.Length]);
            if (owner._numbers.Length == 0)
            {
                Values = [_texts];
                return;
            }

            _numbers = GC.AllocateUninitializedArray<float>(count * owner._numbers.Length, pinned: true);
            Values = [Tensor(_numbers, [count, owner._numbers.Length]), _texts];
        }

        public string[] Names => _owner.Names;

        public OrtValue[] Values { get; }

        public void Fill()
        {
            if (_texts is null)
                return;
            var (numbers, categories, words) = (_owner._numbers, _owner._categories, _owner._words);
            var (toNumber, toWord) = (0, 0);
            for (var rows = _rows.Span; !rows.IsEmpty; rows = rows[_owner._length..])
            {
                foreach (var column in numbers)
                    _numbers[toNumber++] = rows[column];
                for (var i = 0; i < categories.Length; i++, toWord++)
                {
                    var word = _owner.Word(i, toWord / categories.Length, rows[categories[i]]);
                    if (_written[toWord] == word)
                        continue;
                    _texts.StringTensorSetElementAt(words[i][word].AsSpan(), toWord);
                    _written[toWord] = word;
                }
            }
        }

        public void Dispose()
        {
            foreach (var value in Values)
                value.Dispose();
        }

        private static OrtValue Tensor(Memory<float> values, long[] shape) =>
            OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, values, shape);
    }
}
