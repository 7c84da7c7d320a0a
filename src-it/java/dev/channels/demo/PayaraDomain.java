package dev.channels.demo;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.stream.StreamResult;
import javax.xml.transform.stream.StreamSource;

/** The configuration of a domain of Payara or GlassFish. */
public final class PayaraDomain {

    private static final Path STYLE_SHEET = Path.of("src-it/servers/payara/domain.xsl");

    private PayaraDomain() {}

    /**
     * Gives a domain its ports, and what else the style sheet does.
     *
     * @param original a {@code domain.xml}
     * @param configured is written; may be the same file
     * @param parameters of the style sheet
     */
    public static void configure(Path original, Path configured, Map<String, ?> parameters)
            throws IOException {
        try {
            Transformer transformer =
                    TransformerFactory.newInstance()
                            .newTransformer(new StreamSource(STYLE_SHEET.toFile()));
            parameters.forEach(transformer::setParameter);
            transformer.transform(
                    new StreamSource(new StringReader(Files.readString(original))),
                    new StreamResult(configured.toFile()));
        } catch (TransformerException e) {
            throw new IOException(e);
        }
    }
}
