// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ISeaPurse} from "../src/ISeaPurse.sol";
import {SeaPurse} from "../src/SeaPurse.sol";
import {Signer} from "./Signer.sol";

/// @notice The golden vectors: hashed here once more, and honoured by a contract at the address they were made for.
contract VectorsTest is Signer {
    string private json;
    SeaPurse private purse;
    address private payer;
    address private session;
    address private payee;

    function setUp() public {
        json = vm.readFile("contracts/vectors.json");
        payer = vm.parseJsonAddress(json, ".payer");
        session = vm.parseJsonAddress(json, ".keys.session.address");
        payee = vm.parseJsonAddress(json, ".keys.payee.address");
        vm.chainId(vm.parseJsonUint(json, ".domain.chainId"));
        vm.warp(1_800_000_000);
        vm.prank(vm.parseJsonAddress(json, ".deployer"));
        purse = new SeaPurse(address(0), 3 days);
        vm.deal(payer, 1 << 120);
        vm.prank(payer);
        purse.open{value: 1 << 120}(session, 0, 1 << 120);
    }

    function test_vectors_domain() public view {
        assertEq(address(purse), vm.parseJsonAddress(json, ".domain.verifyingContract"), "address");
        bytes32 separator = domainSeparator(block.chainid, address(purse));
        assertEq(separator, vm.parseJsonBytes32(json, ".domainSeparator"), "separator");
        assertEq(vm.addr(vm.parseJsonUint(json, ".keys.session.privateKey")), session, "session key");
        assertEq(vm.addr(vm.parseJsonUint(json, ".keys.payee.privateKey")), payee, "payee");
    }

    function test_vectors_chain() public view {
        bytes32 root = hashTimes(vm.parseJsonBytes32(json, ".chain.preimage"), vm.parseJsonUint(json, ".chain.hashes"));
        assertEq(root, vm.parseJsonBytes32(json, ".chain.root"), "root");
    }

    /// @notice A lane is kept under the id that the vectors name.
    function test_vectors_laneId() public {
        string memory path = ".Voucher[1]";
        purse.redeem(voucherAt(path), signatureAt(path));
        bytes32 id = keccak256(abi.encode(payer, session, payee, uint8(num(".lane.number"))));
        assertEq(id, vm.parseJsonBytes32(json, ".lane.id"), "id");
        assertEq(purse.lane(payer, session, payee, 7).paid, num(".Voucher[1].message.cumulative"), "paid");
    }

    function test_vectors_vouchers() public {
        string[4] memory all = [".Voucher[0]", ".Voucher[1]", ".Voucher[2]", ".Voucher[3]"];
        for (uint256 i = 0; i < all.length; i++) {
            ISeaPurse.Voucher memory v = voucherAt(all[i]);
            check(all[i], ".keys.session", hashOf(v));
            bytes memory packed = vm.parseJsonBytes(json, string.concat(all[i], ".packed"));
            assertEq(keccak256(pack(v, signatureAt(all[i]))), keccak256(packed), "packed");
            uint256 snapshot = vm.snapshotState();
            purse.redeemBatch(v.payee, packed);
            assertEq(purse.lane(payer, session, payee, v.lane).paid, v.cumulative, "in a batch");
            vm.revertToStateAndDelete(snapshot);
            if (v.cumulative == 0) vm.expectRevert(abi.encodeWithSelector(ISeaPurse.NothingToPay.selector, session));
            purse.redeem(v, signatureAt(all[i]));
            assertEq(purse.lane(payer, session, payee, v.lane).paid, v.cumulative, "alone");
        }
    }

    function test_vectors_tickVouchers() public {
        string[2] memory all = [".TickVoucher[0]", ".TickVoucher[1]"];
        for (uint256 i = 0; i < all.length; i++) {
            ISeaPurse.TickVoucher memory t = ISeaPurse.TickVoucher({
                payer: addressAt(all[i], "payer"),
                payee: addressAt(all[i], "payee"),
                lane: uint8(numAt(all[i], "lane")),
                cumulative: uint96(numAt(all[i], "cumulative")),
                root: vm.parseJsonBytes32(json, string.concat(all[i], ".message.root")),
                tick: uint96(numAt(all[i], "tick")),
                max: uint16(numAt(all[i], "max"))
            });
            check(all[i], ".keys.session", hashOf(t));
            purse.redeemTicks(t, signatureAt(all[i]), 0, t.root);
            assertEq(purse.lane(payer, session, payee, t.lane).paid, t.cumulative, "paid");
        }
    }

    function test_vectors_reserves() public {
        string[2] memory all = [".Reserve[0]", ".Reserve[1]"];
        for (uint256 i = 0; i < all.length; i++) {
            ISeaPurse.Reserve memory r = ISeaPurse.Reserve({
                payer: addressAt(all[i], "payer"),
                payee: addressAt(all[i], "payee"),
                lane: uint8(numAt(all[i], "lane")),
                total: uint96(numAt(all[i], "total")),
                until: uint48(numAt(all[i], "until"))
            });
            check(all[i], ".keys.session", hashOf(r));
            purse.reserve(r, signatureAt(all[i]));
            assertEq(purse.lane(payer, session, payee, r.lane).reserved, r.total, "reserved");
        }
    }

    function test_vectors_claims() public {
        vm.prank(payer);
        purse.requestUnlock(session);
        string[2] memory all = [".Claim[0]", ".Claim[1]"];
        string[2] memory vouchers = [".Voucher[0]", ".Voucher[2]"]; // of the same lanes
        for (uint256 i = 0; i < all.length; i++) {
            ISeaPurse.Claim memory c = ISeaPurse.Claim({
                payer: addressAt(all[i], "payer"),
                key: addressAt(all[i], "key"),
                lane: uint8(numAt(all[i], "lane")),
                to: addressAt(all[i], "to"),
                maxFee: uint96(numAt(all[i], "maxFee")),
                onlyWhileUnlocking: vm.parseJsonBool(json, string.concat(all[i], ".message.onlyWhileUnlocking")),
                deadline: uint48(numAt(all[i], "deadline"))
            });
            check(all[i], ".keys.payee", hashOf(c));
            ISeaPurse.Voucher memory v = voucherAt(vouchers[i]);
            uint256 before = c.to.balance;
            purse.claimFor(v, signatureAt(vouchers[i]), c, signatureAt(all[i]), 0);
            assertEq(c.to.balance - before, v.cumulative, "claimed");
        }
    }

    function test_vectors_releases() public {
        string[2] memory all = [".Release[0]", ".Release[1]"];
        purse.redeem(voucherAt(".Voucher[1]"), signatureAt(".Voucher[1]")); // the first is for a lane paid that much
        for (uint256 i = 0; i < all.length; i++) {
            ISeaPurse.Release memory r = ISeaPurse.Release({
                payer: addressAt(all[i], "payer"),
                key: addressAt(all[i], "key"),
                lane: uint8(numAt(all[i], "lane")),
                cumulativePaid: uint96(numAt(all[i], "cumulativePaid"))
            });
            check(all[i], ".keys.payee", hashOf(r));
            ISeaPurse.Reserve memory before = ISeaPurse.Reserve(payer, payee, r.lane, 1 << 90, 1_900_000_000);
            purse.reserve(before, sign(num(".keys.session.privateKey"), address(purse), hashOf(before)));
            purse.releaseSigned(r, signatureAt(all[i]));
            assertEq(purse.lane(payer, session, payee, r.lane).reserved, 0, "released");
        }
    }

    // ------------------------------------------------------------------ helpers

    function check(string memory path, string memory signer, bytes32 structHash) private view {
        assertEq(structHash, vm.parseJsonBytes32(json, string.concat(path, ".structHash")), "structHash");
        bytes32 wanted = vm.parseJsonBytes32(json, string.concat(path, ".digest"));
        assertEq(digest(address(purse), structHash), wanted, "digest");
        ISeaPurse.Signature memory s = signatureAt(path);
        (bytes32 r, bytes32 vs) = vm.signCompact(num(string.concat(signer, ".privateKey")), wanted);
        assertEq(s.r, r, "r");
        assertEq(s.vs, vs, "vs");
    }

    function voucherAt(string memory path) private view returns (ISeaPurse.Voucher memory) {
        return ISeaPurse.Voucher({
            payer: addressAt(path, "payer"),
            payee: addressAt(path, "payee"),
            lane: uint8(numAt(path, "lane")),
            cumulative: uint96(numAt(path, "cumulative"))
        });
    }

    function signatureAt(string memory path) private view returns (ISeaPurse.Signature memory) {
        return ISeaPurse.Signature(
            vm.parseJsonBytes32(json, string.concat(path, ".signature.r")),
            vm.parseJsonBytes32(json, string.concat(path, ".signature.vs"))
        );
    }

    function addressAt(string memory path, string memory member) private view returns (address) {
        return vm.parseJsonAddress(json, string.concat(path, ".message.", member));
    }

    function numAt(string memory path, string memory member) private view returns (uint256) {
        return num(string.concat(path, ".message.", member));
    }

    function num(string memory path) private view returns (uint256) {
        return vm.parseJsonUint(json, path);
    }
}
