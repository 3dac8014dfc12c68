using System.Text;
using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Contracts.Tables;
using Microsoft.ML.OnnxRuntime;

namespace Latent.Inference.Scoring;

/// <summary>
/// Makes the input tensors of a bundle's graphs out of rows of floats: one tensor or, for a table with words or rows with a label, two.
/// </summary>
internal sealed class RowTensors
{
    private const int WordsBeforeLevels = 2;
    private readonly IReadOnlyList<int> _shape;
    private readonly int[] _numbers;
    private readonly int[] _categories;
    private readonly byte[][][] _words;
    private readonly TableDescription? _table;

    /// <summary>Initializes a new instance of the <see cref="RowTensors"/> class for rows of a description.</summary>
    /// <param name="input">The description of a row; with labels, a row has the index of its own after its values.</param>
    /// <param name="prefix">What the graph's names of its inputs begin with.</param>
    public RowTensors(InputDescription input, string prefix = "")
    {
        _table = input.Table;
        if (input.Classes is { } classes)
        {
            (_shape, _numbers, _categories, _words, Names) = WithLabel(TensorNames.Input, input.Shape, classes);
        }
        else
        {
            _shape = input.Shape;
            _numbers = [.. _table?.Numbers() ?? []];
            _categories = [.. _table?.Categories() ?? []];
            _words = [.. _categories.Select(column => Words(_table!.Columns[column].Levels!))];
            Names = InputNames(_table);
        }

        Names = [.. Names.Select(name => prefix + name)];
        Length = LengthOf(_shape) + (input.Classes is null ? 0 : 1);
    }

    private RowTensors(int dimension, IReadOnlyList<string> classes)
    {
        (_shape, _numbers, _categories, _words, Names) = WithLabel(TensorNames.Latent, [dimension], classes);
        Length = dimension + 1;
    }

    /// <summary>Makes tensors of codes with the index of a label after each.</summary>
    /// <param name="dimension">Length of a code.</param>
    /// <param name="classes">The labels.</param>
    public static RowTensors OfCodes(int dimension, IReadOnlyList<string> classes) => new(dimension, classes);

    /// <summary>Makes tensors of the codes that a decoder with labels takes; null for a bundle whose rows have no label.</summary>
    /// <param name="manifest">The bundle's manifest.</param>
    public static RowTensors? OfCodes(BundleManifest manifest) =>
        manifest.Input.Classes is { } classes ? OfCodes(manifest.LatentDimension, classes) : null;

    /// <summary>Makes tensors of rows whose graphs take more than numbers; null for others.</summary>
    /// <param name="input">The description of a row.</param>
    /// <param name="prefix">What the graph's names of its inputs begin with.</param>
    public static RowTensors? OfSeveral(InputDescription input, string prefix = "") =>
        HasWords(input.Table) || input.Classes is not null ? new RowTensors(input, prefix) : null;

    /// <summary>Gets the number of floats of a row.</summary>
    public int Length { get; }

    /// <summary>Gets the names of the graph's inputs.</summary>
    public string[] Names { get; }

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
        var least = _table is null ? WordsBeforeLevels : 0;
        return (int)cell == cell && word >= least && word < _words[category].Length
            ? word
            : throw NoLevel(_categories[category], row, cell);
    }

    private IEnumerable<long> Shape => _shape.Select(n => (long)n);

    private static (IReadOnlyList<int>, int[], int[], byte[][][], string[]) WithLabel(
        string name,
        IReadOnlyList<int> shape,
        IReadOnlyList<string> classes
    )
    {
        var length = LengthOf(shape);
        return (shape, [.. Enumerable.Range(0, length)], [length], [Words(classes)], [name, TensorNames.Condition]);
    }

    private static int LengthOf(IReadOnlyList<int> shape) => shape.Aggregate(1, (a, b) => a * b);

    private static string[] InputNames(TableDescription? table) =>
        !HasWords(table) ? [TensorNames.Input]
        : table!.Numbers().Count > 0 ? [TensorNames.Numbers, TensorNames.Categories]
        : [TensorNames.Categories];

    // Words as a graph gets them: missing, unseen, then the levels. No vocabulary has a word of a control character.
    private static byte[][] Words(IReadOnlyList<string> levels) =>
        [
            [],
            [1],
            .. levels.Select(Encoding.UTF8.GetBytes),
        ];

    private LatentException NoLevel(int column, int row, float cell)
    {
        var (what, levels, right) = _table is { } table
            ? (
                $"The cell of column '{table.Columns[column].Name}' in",
                table.Columns[column].Levels!.Count,
                $"{TableDescription.Missing} (missing), {TableDescription.Unseen} (unseen) or a level"
            )
            : ("The label of", _words[0].Length - WordsBeforeLevels, "an index");
        return new(FormattableString.Invariant($"{what} row {row} of the batch is {cell}; it must be {right} from 0 to {levels - 1}."));
    }

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
            var count = rows.Length / owner.Length;
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
            Values = [Tensor(_numbers, owner._table is null ? [count, .. owner.Shape] : [count, owner._numbers.Length]), _texts];
        }

        public string[] Names => _owner.Names;

        public OrtValue[] Values { get; }

        public void Fill()
        {
            if (_texts is null)
                return;
            var (numbers, categories, words) = (_owner._numbers, _owner._categories, _owner._words);
            var (toNumber, toWord) = (0, 0);
            for (var rows = _rows.Span; !rows.IsEmpty; rows = rows[_owner.Length..])
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
