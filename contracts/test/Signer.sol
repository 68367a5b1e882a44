// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ISeaPurse} from "../src/ISeaPurse.sol";
import {Test} from "./Test.sol";

/// @notice Hashes and signs what SeaPurse accepts, said once more and without OpenZeppelin, from EIP-712's own words.
abstract contract Signer is Test {
    bytes32 internal constant DOMAIN_TYPEHASH =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");

    function domainSeparator(uint256 chainId, address purse) internal pure returns (bytes32) {
        return keccak256(abi.encode(DOMAIN_TYPEHASH, keccak256("SeaPurse"), keccak256("1"), chainId, purse));
    }

    function digest(address purse, bytes32 structHash) internal view returns (bytes32) {
        return digestOn(block.chainid, purse, structHash);
    }

    function digestOn(uint256 chainId, address purse, bytes32 structHash) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(hex"1901", domainSeparator(chainId, purse), structHash));
    }

    function hashOf(ISeaPurse.Voucher memory v) internal pure returns (bytes32) {
        bytes32 typeHash = keccak256("Voucher(address payer,address payee,uint8 lane,uint96 cumulative)");
        return keccak256(abi.encode(typeHash, v.payer, v.payee, v.lane, v.cumulative));
    }

    function hashOf(ISeaPurse.TickVoucher memory t) internal pure returns (bytes32) {
        bytes32 typeHash = keccak256(
            "TickVoucher(address payer,address payee,uint8 lane,uint96 cumulative,bytes32 root,uint96 tick,uint16 max)"
        );
        return keccak256(abi.encode(typeHash, t.payer, t.payee, t.lane, t.cumulative, t.root, t.tick, t.max));
    }

    function hashOf(ISeaPurse.Reserve memory r) internal pure returns (bytes32) {
        bytes32 typeHash = keccak256("Reserve(address payer,address payee,uint8 lane,uint96 total,uint48 until)");
        return keccak256(abi.encode(typeHash, r.payer, r.payee, r.lane, r.total, r.until));
    }

    function hashOf(ISeaPurse.Claim memory c) internal pure returns (bytes32) {
        bytes32 typeHash = keccak256(
            "Claim(address payer,address key,uint8 lane,address to,uint96 maxFee,bool onlyWhileUnlocking,uint48 deadline)"
        );
        return keccak256(
            abi.encode(typeHash, c.payer, c.key, c.lane, c.to, c.maxFee, c.onlyWhileUnlocking, c.deadline)
        );
    }

    function hashOf(ISeaPurse.Release memory r) internal pure returns (bytes32) {
        bytes32 typeHash = keccak256("Release(address payer,address key,uint8 lane,uint96 cumulativePaid)");
        return keccak256(abi.encode(typeHash, r.payer, r.key, r.lane, r.cumulativePaid));
    }

    function sign(uint256 privateKey, address purse, bytes32 structHash)
        internal
        view
        returns (ISeaPurse.Signature memory)
    {
        (bytes32 r, bytes32 vs) = vm.signCompact(privateKey, digest(purse, structHash));
        return ISeaPurse.Signature(r, vs);
    }

    /// @notice 97 bytes.
    function pack(ISeaPurse.Voucher memory v, ISeaPurse.Signature memory s) internal pure returns (bytes memory) {
        return abi.encodePacked(v.payer, v.lane, v.cumulative, s.r, s.vs);
    }

    function hashTimes(bytes32 value, uint256 times) internal pure returns (bytes32) {
        for (uint256 i = 0; i < times; i++) {
            value = keccak256(abi.encodePacked(value));
        }
        return value;
    }
}
