//===- Files.h - Reading and writing matrices -------------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The files a run reads and writes: matrices as .npy, as members of an .npz
// archive and as .csv, labels, and results. Inputs are read in blocks of rows,
// so that they need not fit in memory, but for .csv files and members of
// archives in Fortran order, which are held whole. Results are written to a
// temporary name and renamed when they are whole. Errors are one sentence with
// the file's name. Rows and columns in messages are counted from 0, lines of
// text from 1.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_RUNTIME_FILES_H
#define AIMC_RUNTIME_FILES_H

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aimc::runtime {

/// Reads the rows of a file from the first to the last, as FP32. An array of
/// more than two dimensions is read as a matrix whose rows are along the last.
class MatrixReader {
public:
  /// Opens `x.npy`, `x.npz:name` (the member `name.npy` or `name`) or `x.csv`.
  /// - .npy: format versions 1 to 3; booleans, integers, FP32 and FP64 of
  ///   either byte order, in C order or Fortran order, of rank 1 (n values are
  ///   n x 1) to 16. The size of the file must be just that of its shape.
  /// - .csv: numbers separated by commas, one row a line, blank lines skipped;
  ///   a number in double quotes is a number, and what is between two quotes is
  ///   one field; a first line without any number is a header.
  /// On error returns null and sets `error`.
  static std::unique_ptr<MatrixReader> open(const std::string &name,
                                            std::string &error);
  virtual ~MatrixReader() = default;

  const std::string &name() const { return fileName; }
  /// The sizes of the array: one to 16, two in a .csv file.
  const std::vector<int64_t> &shape() const { return sizes; }
  int64_t rows() const { return rowCount; }
  int64_t columns() const { return columnCount; }

  /// Reads the next `count` rows, or those that are left, into `values`
  /// (row-major). A value that is not finite or not in the range of FP32 is an
  /// error. Returns whether it went well.
  bool read(int64_t count, std::vector<float> &values, std::string &error);

  /// As `read`, without narrowing to FP32.
  bool readWide(int64_t count, std::vector<double> &values, std::string &error);

protected:
  /// For a shape whose product does not overflow.
  MatrixReader(std::string name, std::vector<int64_t> shape);

  /// Appends the next `count` values in row-major order; there are that many.
  virtual bool readValues(int64_t count, std::vector<double> &values,
                          std::string &error) = 0;

  std::string fileName;
  std::vector<int64_t> sizes;
  int64_t rowCount, columnCount;

private:
  /// Reads values of magnitude `limit` or less; another is an error.
  bool readUpTo(double limit, int64_t count, std::vector<double> &values,
                std::string &error);
  bool check(const std::vector<double> &values, double limit,
             std::string &error) const;
  /// "row 2, column 3", or "(0, 2, 3)" for an array, of a value in row-major
  /// order.
  std::string place(int64_t index) const;

  int64_t nextRow = 0;
};

/// Reads a vector of integers (n or n x 1; floating-point values must be
/// integral) from a file as `MatrixReader::open` takes it.
std::optional<std::vector<int64_t>> readLabels(const std::string &name,
                                               std::string &error);

/// Whether two names, as `MatrixReader::open` and `OutputFile::create` take
/// them, are of one file, through links and other spellings too; the file need
/// not be there.
bool isSameFile(const std::string &a, const std::string &b);

/// For the main function of a program, before it writes files: those that are
/// not whole when SIGHUP, SIGINT, SIGPIPE or SIGTERM ends it are removed, and a
/// file beyond the size limit is an error of its writer instead of SIGXFSZ.
void removeTemporaryFilesOnSignals();

/// A file that appears under its name when it is whole: written to a temporary
/// name beside it, renamed by `commit`, removed if that is never called.
class OutputFile {
public:
  /// Creates the temporary file, so that a place that cannot be written to is
  /// found before any work is done. On error returns null and sets `error`.
  static std::unique_ptr<OutputFile> create(const std::string &path,
                                            std::string &error);
  ~OutputFile();
  OutputFile(const OutputFile &) = delete;
  OutputFile &operator=(const OutputFile &) = delete;

  const std::string &path() const { return finalPath; }
  /// Where the bytes are until `commit`, for who removes them on a signal.
  const std::string &unfinishedPath() const { return temporaryPath; }

  /// Appends bytes. Returns whether it went well.
  bool write(std::string_view bytes, std::string &error);
  /// Replaces bytes that have been written.
  bool rewrite(int64_t offset, std::string_view bytes, std::string &error);
  /// Gives the file its name.
  bool commit(std::string &error);

private:
  OutputFile() = default;
  bool fail(std::string &error) const;

  std::string finalPath, temporaryPath;
  int descriptor = -1;
};

/// Writes an .npy file (version 1, C order, little-endian) row block by row
/// block; the number of rows need not be known before.
class NpyWriter {
public:
  /// `columns` < 0 makes a vector (rank 1). See OutputFile::create.
  static std::unique_ptr<NpyWriter> create(const std::string &path,
                                           int64_t columns, std::string &error);

  /// Appends `count` values, whole rows of FP32 (`<f4`) or integers (`<i8`).
  /// All calls on a writer are of one kind.
  bool append(const float *values, int64_t count, std::string &error);
  bool append(const int64_t *values, int64_t count, std::string &error);

  /// Makes the values an array of these sizes, whose product is their number.
  void setShape(std::vector<int64_t> sizes) { shape = std::move(sizes); }

  /// Completes the header and gives the file its name.
  bool commit(std::string &error);

private:
  friend class NpzWriter;
  std::string header() const;
  /// Completes the header.
  bool finish(std::string &error);

  std::unique_ptr<OutputFile> file;
  int64_t columns = 0, count = 0;
  std::vector<int64_t> shape; ///< empty: rows of `columns`
  const char *type = "<f4";
};

/// Writes an .npz archive of .npy files, not compressed, as NumPy's `savez`
/// does. Equal arrays give equal bytes: members have no time.
class NpzWriter {
public:
  /// See OutputFile::create.
  static std::unique_ptr<NpzWriter> create(const std::string &path,
                                           std::string &error);

  /// Adds the array `name`, stored as member `name.npy`; see NpyWriter::create.
  /// What it gives is filled until `commit`, which it must not outlive.
  NpyWriter *add(const std::string &name, int64_t columns, std::string &error);

  /// Packs the arrays and gives the archive its name.
  bool commit(std::string &error);

private:
  NpzWriter() = default;

  struct Member {
    std::string name;
    std::unique_ptr<NpyWriter> writer;
  };
  std::unique_ptr<OutputFile> file;
  std::vector<Member> members;
};

/// Splits `x.npz:name` into the archive `x.npz` and the array `name`; nothing
/// for other names.
std::optional<std::pair<std::string, std::string>>
splitArchiveName(const std::string &name);

} // namespace aimc::runtime

#endif // AIMC_RUNTIME_FILES_H
