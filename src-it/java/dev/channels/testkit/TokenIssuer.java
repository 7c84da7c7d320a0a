package dev.channels.testkit;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;

/** Issues tokens of MicroProfile JWT, signed with a key of its own. */
public final class TokenIssuer {

    private static final String NAME = "https://issuer.example.org";

    private final KeyPair keys;

    /** Makes an issuer with a new key. */
    public TokenIssuer() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            keys = generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns the lines of configuration by which an application trusts the issuer. */
    public String[] trust() {
        String key = Base64.getEncoder().encodeToString(keys.getPublic().getEncoded());
        return new String[] {
            "mp.jwt.verify.publickey=-----BEGIN PUBLIC KEY-----\\n"
                    + key
                    + "\\n-----END PUBLIC KEY-----",
            "mp.jwt.verify.issuer=" + NAME
        };
    }

    /** Returns a token of a user in a group that is good for some time from now. */
    public String token(String user, String group, Duration time) throws Exception {
        Instant now = Instant.now();
        String claims =
                """
                {"iss":"%s","sub":"%s","upn":"%s","jti":"%s","iat":%d,"exp":%d,"groups":["%s"]}
                """
                        .formatted(
                                NAME,
                                user,
                                user,
                                user + now.toEpochMilli(),
                                now.getEpochSecond() - 600,
                                now.plus(time).getEpochSecond(),
                                group);
        String content = encoded("{\"alg\":\"RS256\",\"typ\":\"JWT\"}") + "." + encoded(claims);
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(keys.getPrivate());
        signature.update(content.getBytes(StandardCharsets.US_ASCII));
        return content + "." + encoded(signature.sign());
    }

    private static String encoded(String text) {
        return encoded(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String encoded(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
