using System.Globalization;
using System.Text;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private const int ShownElements = 1000;

        /// <summary>Shape, type and device on the first line; then the elements, row by row, of tensors that aren't large.</summary>
        public override string ToString()
        {
            if (IsInvalid)
                return "(disposed)";
            var text = new StringBuilder($"[{string.Join('x', Shape)}], type = {dtype}, device = {device}");
            if (Count is 0 or > ShownElements)
                return text.ToString();
            using var numbers = Copies.Convert(this, ScalarType.Float64);
            var columns = Shape.Length == 0 ? 1 : Shape[^1];
            var elements = numbers.data<double>().ToArray();
            for (long i = 0; i < elements.Length; i++)
            {
                text.Append(i % columns == 0 ? '\n' : ' ');
                text.Append(dtype == ScalarType.Bool
                    ? (elements[i] != 0).ToString()
                    : elements[i].ToString(IsFloat ? "G5" : "R", CultureInfo.InvariantCulture));
            }

            return text.ToString();
        }
    }
}
