package dev.channels.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What {@link Files} does to a file, done to a directory. */
public final class Directories {

    private Directories() {}

    /** Copies a directory to where none is. */
    public static void copy(Path from, Path to) throws IOException {
        copy(from, to, path -> false);
    }

    /** Copies a directory to where none is; what is not written to is linked. */
    public static void copy(Path from, Path to, Predicate<Path> linked) throws IOException {
        Files.createDirectories(to.getParent());
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                Path copy = to.resolve(from.relativize(path).toString());
                if (linked.test(path)) {
                    Files.createLink(copy, path);
                } else {
                    Files.copy(path, copy);
                }
            }
        }
    }

    /** Makes an empty directory. */
    public static Path recreate(Path directory) throws IOException {
        delete(directory);
        return Files.createDirectories(directory);
    }

    /** Deletes a directory with all that is in it, if it is there. */
    public static void delete(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> paths = Files.walk(directory)) {
                for (Path path :
                        (Iterable<Path>) paths.sorted(Comparator.reverseOrder())::iterator) {
                    Files.delete(path);
                }
            }
        }
    }
}
